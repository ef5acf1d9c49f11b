"""Vietnamese text without its marks, for search that forgives missing accents."""

import re
import unicodedata

WORD = re.compile(r"[0-9a-z]+(?:\.[0-9]+)*")


def fold(text: str) -> str:
    """`Đăng ký khai sinh` -> `dang ky khai sinh`."""
    plain = unicodedata.normalize("NFD", text.lower().replace("đ", "d"))
    return "".join(character for character in plain if not unicodedata.combining(character))


def words(text: str) -> list[str]:
    """The folded words of a text; codes such as 1.013225 stay whole."""
    return WORD.findall(fold(text))
