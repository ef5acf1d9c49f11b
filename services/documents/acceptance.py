"""RULE: which files may be handed in, judged by what is in them and never by what they are called.

PDF, JPEG, PNG, HEIC and DOCX are what an office can open, keep and print (Điều 9 Nghị định 45/2020/NĐ-CP asks for papers
in a form the receiving office can read). Everything else is refused with a reason the person can act on.
"""

import re
import unicodedata
import zipfile
from dataclasses import dataclass
from typing import IO

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
TAIL = 65536
NAME_LENGTH = 120
ZIP_MEMBERS = 5000
ZIP_UNPACKED = 300 * 1024 * 1024

HEIC_BRANDS = frozenset({b"heic", b"heix", b"heim", b"heis", b"hevc", b"hevx", b"hevm", b"hevs", b"mif1", b"msf1"})
OLE = b"\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1"
ENCRYPTED_PDF = re.compile(rb"/Encrypt\s*(?:\d+\s+\d+\s+R|<<)")
RESERVED_NAMES = re.compile(r"^(con|prn|aux|nul|com\d|lpt\d)$", re.IGNORECASE)


class NotAcceptable(Exception):
    """`code`: empty, too_large, type, encrypted, macros, old_word, broken. `limit` in bytes where it is about size."""

    def __init__(self, code: str, limit: int = 0) -> None:
        super().__init__(code)
        self.code = code
        self.limit = limit


@dataclass(frozen=True)
class Accepted:
    """What the file really is, and a name that is safe to show and to save under."""

    media_type: str
    clean_name: str


def check(name: str, content: IO[bytes], size: int, limit: int) -> Accepted:
    """Judge a file by its bytes; `content` is read from the start and can seek, `size` and `limit` are in bytes."""
    if size == 0:
        raise NotAcceptable("empty")
    if size > limit:
        raise NotAcceptable("too_large", limit)
    content.seek(0)
    media_type = _media_type(content, size)
    return Accepted(media_type, clean_name(name, media_type))


def _media_type(content: IO[bytes], size: int) -> str:
    head = content.read(HEAD)
    if head.startswith(b"\xff\xd8\xff"):
        return JPEG
    if head.startswith(b"\x89PNG\r\n\x1a\n") and head[12:16] == b"IHDR":
        return PNG
    if head[4:8] == b"ftyp" and _is_heic(head):
        return HEIC
    if b"%PDF-" in head[:1024]:
        content.seek(max(0, size - TAIL))
        _check_pdf(head, content.read(TAIL))
        return PDF
    if head.startswith(b"PK\x03\x04"):
        _check_word(content)
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


def _check_pdf(head: bytes, tail: bytes) -> None:
    if ENCRYPTED_PDF.search(tail) or ENCRYPTED_PDF.search(head):
        raise NotAcceptable("encrypted")
    if b"startxref" not in tail:
        raise NotAcceptable("broken")


def _check_word(content: IO[bytes]) -> None:
    """A Word document is a zip with a document part; one with a macro project, a password or a bomb is refused."""
    try:
        with zipfile.ZipFile(content) as parts:
            members = parts.infolist()
            names = {member.filename.lower() for member in members}
            if "word/document.xml" not in names or "[content_types].xml" not in names:
                raise NotAcceptable("type")
            if any(member.flag_bits & 0x1 for member in members):
                raise NotAcceptable("encrypted")
            if len(members) > ZIP_MEMBERS or sum(member.file_size for member in members) > ZIP_UNPACKED:
                raise NotAcceptable("broken")
            if any(name.rsplit("/", 1)[-1] in {"vbaproject.bin", "vbadata.xml"} for name in names):
                raise NotAcceptable("macros")
            types = parts.read(next(member for member in members if member.filename.lower() == "[content_types].xml"))
            if b"macroenabled" in types.lower():
                raise NotAcceptable("macros")
    except (zipfile.BadZipFile, NotImplementedError, RuntimeError, ValueError, OSError, EOFError) as error:
        raise NotAcceptable("broken") from error


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
