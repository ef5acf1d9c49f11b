"""RULE: amounts in Vietnamese words, as receipts and contracts carry them: `một triệu năm trăm nghìn đồng`."""

DIGITS = ("không", "một", "hai", "ba", "bốn", "năm", "sáu", "bảy", "tám", "chín")
SCALES = ("", "nghìn", "triệu")
BILLION = 10**9
LARGEST = 10**18


def amount_in_words(dong: int) -> str:
    """Whole đồng in words; empty for amounts that nobody writes out."""
    if abs(dong) >= LARGEST:
        return ""
    return f"{'âm ' if dong < 0 else ''}{number_in_words(abs(dong))} đồng"


def number_in_words(number: int) -> str:
    """A whole number from zero on: `1005` is `một nghìn không trăm linh năm`."""
    if number < BILLION:
        return _below_billion(number, whole=False) or DIGITS[0]
    billions, rest = divmod(number, BILLION)
    return f"{number_in_words(billions)} tỷ {_below_billion(rest, whole=True)}".strip()


def _below_billion(number: int, *, whole: bool) -> str:
    """`whole`: something larger was said before, so missing hundreds are said as well."""
    said: list[str] = []
    for place in (2, 1, 0):
        group = number // 1000**place % 1000
        if group:
            said.append(f"{_group(group, whole=whole or bool(said))} {SCALES[place]}".strip())
    return " ".join(said)


def _group(group: int, *, whole: bool) -> str:
    hundreds, rest = divmod(group, 100)
    tens, units = divmod(rest, 10)
    said = [DIGITS[hundreds], "trăm"] if hundreds or whole else []
    if tens == 0 and units and said:
        said += ["linh", DIGITS[units]]
    elif tens == 0:
        said += [DIGITS[units]] if units else []
    else:
        said += ["mười"] if tens == 1 else [DIGITS[tens], "mươi"]
        said += _unit(tens, units)
    return " ".join(said)


def _unit(tens: int, units: int) -> list[str]:
    if units == 0:
        return []
    if units == 1 and tens > 1:
        return ["mốt"]
    if units == 4 and tens > 1:
        return ["tư"]
    return ["lăm"] if units == 5 else [DIGITS[units]]
