"""RULE: which files may be handed in: kinds, names and sizes. What is inside them is looked at in `inspection`.

PDF, JPEG, PNG, HEIC and DOCX are what an office can open, keep and print (Điều 9 Nghị định 45/2020/NĐ-CP asks for papers
in a form the receiving office can read). Everything else is refused with a reason the person can act on.
"""

import re
import unicodedata

PDF = "application/pdf"
JPEG = "image/jpeg"
PNG = "image/png"
HEIC = "image/heic"
DOCX = "application/vnd.openxmlformats-officedocument.wordprocessingml.document"

EXTENSIONS = {PDF: ("pdf",), JPEG: ("jpg", "jpeg"), PNG: ("png",), HEIC: ("heic", "heif"), DOCX: ("docx",)}
SHOWN_IN_BROWSER = frozenset({PDF, JPEG, PNG})
"""Types a browser may show inside a page; the others are only downloaded."""

KNOWN_EXTENSIONS = frozenset(
    [
        "pdf",
        "jpg",
        "jpeg",
        "jpe",
        "jfif",
        "png",
        "heic",
        "heif",
        "docx",
        "doc",
        "docm",
        "dot",
        "dotm",
        "dotx",
        "odt",
        "rtf",
        "txt",
        "htm",
        "html",
        "xhtml",
        "svg",
        "xml",
        "zip",
        "rar",
        "7z",
        "gz",
        "tar",
        "exe",
        "com",
        "bat",
        "cmd",
        "scr",
        "msi",
        "js",
        "mjs",
        "vbs",
        "ps1",
        "sh",
        "jar",
        "apk",
        "gif",
        "bmp",
        "tif",
        "tiff",
        "webp",
        "avif",
        "xls",
        "xlsx",
        "xlsm",
        "ppt",
        "pptx",
        "pptm",
        "csv",
        "eml",
        "msg",
        "lnk",
        "iso",
    ]
)
"""What counts as an ending and is dropped when it does not match the content; `Tờ trình 1.013225` has none."""

HEAD = 4096
"""Bytes from the start that `media_type` wants."""
NAME_LENGTH = 120
LONGEST_NAME = 255
"""Characters; no file system of a person's device keeps longer ones."""
CODES = frozenset(
    {
        "empty",
        "too_large",
        "name",
        "type",
        "old_word",
        "encrypted",
        "broken",
        "disguised",
        "active",
        "embedded",
        "macros",
        "remote",
        "bomb",
        "pixels",
        "pages",
        "too_complex",
    }
)
"""Why a file is refused; docs/rules/uploads.md says what each one means."""

HEIC_BRANDS = frozenset({b"heic", b"heix", b"heim", b"heis", b"hevc", b"hevx", b"hevm", b"hevs", b"mif1", b"msf1"})
OLE = b"\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1"
FOLDERS = re.compile(r"[/\\]")
MISLEADING = frozenset("\u202a\u202b\u202c\u202d\u202e\u2066\u2067\u2068\u2069")
"""Characters that turn the direction of writing, and make "fdp.exe" read as something else."""
RESERVED_NAMES = re.compile(r"^(con|prn|aux|nul|com\d|lpt\d)$", re.IGNORECASE)


class NotAcceptable(Exception):
    """`code` is one of CODES. `limit` in bytes where it is about size."""

    def __init__(self, code: str, limit: int = 0) -> None:
        super().__init__(code)
        self.code = code
        self.limit = limit


def check_announced(name: str, size: int, limit: int) -> None:
    """What can be judged before a byte has come: the name, and the size in bytes against `limit`."""
    check_name(name)
    if size == 0:
        raise NotAcceptable("empty")
    if size > limit:
        raise NotAcceptable("too_large", limit)


def check_name(name: str) -> None:
    """A browser sends the bare name of a file. One with folders, control or direction characters was made to mislead."""
    if len(name) > LONGEST_NAME or FOLDERS.search(name) or any(character in MISLEADING for character in name):
        raise NotAcceptable("name")
    if any(unicodedata.category(character) in {"Cc", "Cs"} for character in name):
        raise NotAcceptable("name")


def media_type(head: bytes) -> str:
    """What a file is, by its first bytes. NotAcceptable when it is nothing that may be handed in."""
    if head.startswith(b"\xff\xd8\xff"):
        return JPEG
    if head.startswith(b"\x89PNG\r\n\x1a\n") and head[12:16] == b"IHDR":
        return PNG
    if head[4:8] == b"ftyp" and _is_heic(head):
        return HEIC
    if b"%PDF-" in head[:1024]:
        return PDF
    if head.startswith(b"PK\x03\x04"):
        return DOCX
    if head.startswith(OLE):
        raise NotAcceptable("old_word")
    raise NotAcceptable("type")


def _is_heic(head: bytes) -> bool:
    """Whether the brands of the ISO media header name HEIF; videos and AVIF share the header but not the brands."""
    length = min(int.from_bytes(head[:4], "big"), len(head))
    if head[8:12] == b"avif":
        return False
    brands = [head[8:12], *(head[at : at + 4] for at in range(16, length - 3, 4))]
    return any(brand in HEIC_BRANDS for brand in brands)


def clean_name(name: str, media_type: str) -> str:
    """A file name without folders, control or direction characters, not too long, whose ending tells what the file is."""
    text = unicodedata.normalize("NFC", name).replace("\\", "/").rsplit("/", 1)[-1]
    # Cc and Cf hold line breaks and the right-to-left override that makes "gpj.exe" read "exe.jpg".
    text = "".join(" " if character.isspace() else character for character in text)
    text = "".join(character for character in text if unicodedata.category(character)[0] != "C")
    text = re.sub(r'[<>:"|?*]', "_", text)
    stem = re.sub(r" +", " ", text).strip(" .")
    endings = EXTENSIONS[media_type]
    ending = endings[0]
    while "." in stem and stem.rsplit(".", 1)[1].strip().lower() in KNOWN_EXTENSIONS:
        stem, last = stem.rsplit(".", 1)
        if last.strip().lower() in endings:
            ending = last.strip().lower()
        stem = stem.strip(" .")
    stem = stem[:NAME_LENGTH].strip(" .")
    if not stem or stem.lower() in KNOWN_EXTENSIONS:
        stem = "tep-dinh-kem"
    if RESERVED_NAMES.match(stem):
        stem = f"_{stem}"
    return f"{stem}.{ending}"
