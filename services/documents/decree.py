"""RULE: how documents write numbers, days and moments (Điều 15 and Phụ lục I of Nghị định 30/2020/NĐ-CP)."""

from datetime import date, datetime


def number_text(number: int, symbol: str) -> str:
    """`7, GPXD-UBND` -> `07/GPXD-UBND`: numbers below ten get a leading zero."""
    return f"{number:02d}/{symbol}"


def date_text(day: date) -> str:
    """`ngày 09 tháng 3 năm 2026`: days below ten and the months 1 and 2 get a leading zero."""
    month = f"{day.month:02d}" if day.month < 3 else str(day.month)
    return f"ngày {day.day:02d} tháng {month} năm {day.year}"


def moment_text(moment: datetime) -> str:
    """`09 giờ 15 phút, ngày 21 tháng 11 năm 2026`, on the wall clock `moment` carries."""
    return f"{moment.hour:02d} giờ {moment.minute:02d} phút, {date_text(moment.date())}"


def signing_time_text(moment: datetime) -> str:
    """The moment of signing as ISO 8601 with the zone: `2026-11-21T09:15:30+07:00`."""
    return moment.isoformat(timespec="seconds")


BODIES = ("Ủy ban nhân dân", "Hội đồng nhân dân", "Văn phòng Ủy ban nhân dân", "Trung tâm Phục vụ hành chính công", "Văn phòng Đăng ký đất đai")
LINE = 26
"""Letters of a capital line at the head of a document."""


def name_lines(name: str, longest: int = LINE) -> list[str]:
    """An agency's name in lines: first the kind of body, then whose it is; long parts are broken evenly between words."""
    body = next((body for body in sorted(BODIES, key=len, reverse=True) if name.lower().startswith(f"{body} ".lower())), "")
    parts = [name[: len(body)], name[len(body) :].strip()] if body else [name]
    lines: list[str] = []
    for part in parts:
        words = part.split()
        count = -(-len(part) // longest)
        target = len(part) / max(count, 1)
        line = ""
        for word in words:
            if line and len(line) + len(word) / 2 > target and len(lines) < 8:
                lines.append(line)
                line = word
            else:
                line = f"{line} {word}".strip()
        if line:
            lines.append(line)
    return lines
