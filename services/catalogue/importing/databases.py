"""RULE: one name for each database that replaces papers (Nghị quyết 66.7/2025/NQ-CP), however the annex spells it."""

from portal.kit.folding import fold
from services.catalogue.importing.texts import ended, line

NAMES: tuple[tuple[str, str], ...] = (
    ("dang ky doanh", "Cơ sở dữ liệu quốc gia về đăng ký doanh nghiệp"),
    ("hop tac xa", "Cơ sở dữ liệu về đăng ký hợp tác xã"),
    ("ho kinh doanh", "Cơ sở dữ liệu về đăng ký hộ kinh doanh"),
    ("dan cu", "Cơ sở dữ liệu quốc gia về dân cư"),
    ("can cuoc", "Cơ sở dữ liệu căn cước"),
    ("ho tich", "Cơ sở dữ liệu hộ tịch điện tử"),
    ("dat dai", "Cơ sở dữ liệu quốc gia về đất đai"),
    ("dang ky xe", "Cơ sở dữ liệu đăng ký xe"),
    ("giay phep lai xe", "Cơ sở dữ liệu giấy phép lái xe"),
    ("ly lich tu phap", "Cơ sở dữ liệu lý lịch tư pháp"),
    ("suc khoe", "Cơ sở dữ liệu nền tảng sổ sức khỏe điện tử"),
    ("y te", "Cơ sở dữ liệu quốc gia về y tế"),
    ("bao hiem", "Cơ sở dữ liệu quốc gia về bảo hiểm"),
    ("bhxh", "Cơ sở dữ liệu quốc gia về bảo hiểm"),
    ("ho chieu", "Cơ sở dữ liệu cấp, quản lý hộ chiếu phổ thông"),
    ("dinh danh dien tu to chuc", "Cơ sở dữ liệu định danh điện tử tổ chức"),
    ("tre em", "Cơ sở dữ liệu trẻ em"),
)
"""Words that name a database, folded: its name. A text may name several."""


def names(text: object) -> list[str]:
    """The databases a text names, in the order of the table; none when no name is known."""
    folded = fold(line(text))
    return list(dict.fromkeys(name for words, name in NAMES if words in folded))


def replaced_by(text: object) -> tuple[str, bool]:
    """The database or databases as they are kept with a paper, and whether all were known."""
    known = names(text)
    return ("; ".join(known), True) if known else (ended(line(text)), False)
