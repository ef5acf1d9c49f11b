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


BODIES = (
    "Ủy ban nhân dân",
    "Hội đồng nhân dân",
    "Văn phòng Ủy ban nhân dân",
    "Trung tâm Phục vụ hành chính công",
    "Văn phòng Đăng ký đất đai",
)
PLACES = ("phường", "xã", "đặc khu", "thành phố", "tỉnh")
LINE = 26
"""Letters of a capital line at the head of a document."""


def name_lines(name: str, longest: int = LINE) -> list[str]:
    """An agency's name in lines: first the kind of body, then whose it is; long parts are broken evenly between words."""
    body = _beginning(name, BODIES)
    parts = [body, name[len(body) :].strip()]
    place = _beginning(parts[1], PLACES)
    if len(parts[1]) > longest:
        parts[1:] = [place, parts[1][len(place) :].strip()]
    return [line for part in parts if part for line in _broken(part, longest)]


def _beginning(name: str, known: tuple[str, ...]) -> str:
    """The longest of the known beginnings that the name has, as the name writes it."""
    found = (start for start in sorted(known, key=len, reverse=True) if name.lower().startswith(f"{start} ".lower()))
    return name[: len(next(found, ""))]


def _broken(text: str, longest: int) -> list[str]:
    """The fewest lines that `longest` allows, of about the same length."""
    target = len(text) / -(-len(text) // longest)
    lines = [""]
    for word in text.split():
        if lines[-1] and len(lines[-1]) + len(word) / 2 > target:
            lines.append("")
        lines[-1] = f"{lines[-1]} {word}".strip()
    return lines
