"""RULE: what may be inside a file that is handed in. Runs alone, in a process that lives for one file.

`python -m services.documents.inspection` reads the file from its standard input and prints one line of JSON: the facts, or the
code of the reason. The process gives up what it could do harm with before it looks at a byte: memory, time, writing. Nothing here
knows Django, so that it starts quickly; only what the kind of file needs is imported.
"""

import json
import re
import resource
import struct
import sys
import zipfile
import zlib
from collections.abc import Iterator
from contextlib import suppress
from dataclasses import asdict, dataclass
from io import BytesIO
from typing import Any
from xml.etree import ElementTree

from services.documents.acceptance import DOCX, HEAD, HEIC, JPEG, PDF, PNG, NotAcceptable, media_type

MEMORY = 1024 * 1024 * 1024
"""Bytes of address space; the Python and C libraries take some 150 MB of it."""
SECONDS = 15
"""Of processor time."""

PIXELS = 150_000_000
"""In one picture: more than any phone takes, less than fills a reader's memory."""
PDF_PIXELS = 250_000_000
"""In one picture of a PDF: an A0 drawing at 300 dots per inch has 140 million."""
PAGES = 2000
DATA_SIZE = 5 * 1024 * 1024
"""Bytes of a data file inside a PDF."""
DEEPEST = 100

ZIP_MEMBERS = 5000
ZIP_UNPACKED = 300 * 1024 * 1024
ZIP_RATIO = 200
"""How many times larger a part of more than a megabyte may become when unpacked."""
XML_SIZE = 100 * 1024 * 1024

BLANK = b" \t\r\n\0\f"
PAGE_MARKS = re.compile(rb"<!doctype html|<html[\s>]|<script[\s>/]|<iframe[\s>]|<svg[\s>]|<body[\s>]|<\?php", re.IGNORECASE)
"""What makes a browser or a web server take bytes for a page or a program."""
LONG_MARKS = re.compile(rb"<!doctype html|<script[\s>]|<iframe[\s>]|<\?php[\s=]", re.IGNORECASE)
"""The same, long enough not to come about by chance in megabytes of compressed data."""
PROGRAMS = (b"MZ", b"\x7fELF", b"#!/", b"Rar!\x1a\x07", b"7z\xbc\xaf\x27\x1c", b"\xca\xfe\xba\xbe", b"\xcf\xfa\xed\xfe")


@dataclass(frozen=True)
class Facts:
    """What an accepted file is. `pages` of a PDF, `width` and `height` of a picture in pixels, else 0."""

    media_type: str
    pages: int = 0
    width: int = 0
    height: int = 0


def inspect(content: bytes) -> Facts:
    """Judge a file by its bytes. NotAcceptable with the reason."""
    if not content:
        raise NotAcceptable("empty")
    kind = media_type(content[:HEAD])
    return {PDF: _pdf, JPEG: _jpeg, PNG: _png, HEIC: _heic, DOCX: _word}[kind](content)


# A second file inside the first


def _no_second_file(content: bytes, end: int) -> None:
    """Refuse bytes that are also an archive, and what follows the end of the file if it is a file of its own."""
    if _is_archive(content):
        raise NotAcceptable("disguised")
    tail = content[end:].lstrip(BLANK)
    if tail.startswith(PROGRAMS) or b"%PDF-" in tail or PAGE_MARKS.search(tail):
        raise NotAcceptable("disguised")


def _is_archive(content: bytes) -> bool:
    """Whether unpackers would take it for a zip: an end record near the end that points to a real directory."""
    start = max(0, len(content) - 66_000)
    at = content.rfind(b"PK\x05\x06", start)
    while at >= start:
        record = content[at : at + 22]
        if len(record) == 22:
            size, offset = struct.unpack("<II", record[12:20])
            directory = at - size
            if directory >= 0 and offset <= directory and content[directory : directory + 4] in (b"PK\x01\x02", b"PK\x05\x06"):
                return True
        at = content.rfind(b"PK\x05\x06", start, at)
    return False


# PDF

ACTIVE = frozenset(
    [
        "/JavaScript",
        "/Launch",
        "/ImportData",
        "/SubmitForm",
        "/GoToE",
        "/GoToR",
        "/Rendition",
        "/Movie",
        "/Sound",
        "/RichMediaExecute",
    ]
)
"""Actions that run something, send something away or open another file."""
LIVELY = frozenset(["/RichMedia", "/Movie", "/Sound", "/Screen", "/3D"])
"""Annotations that play something."""
SUSPECT = re.compile(
    rb"/(?:JS|JavaScript|XFA|EF|Launch|ImportData|SubmitForm|GoToE|GoToR|Rendition|Movie|Sound|RichMedia\w*|Screen|3D|FileAttachment|URI|Image)\b"
)
BAD_LINK = re.compile(
    rb"[\s\0]*(?:javascript:(?!(?:void\(0\))?;?\s*$)|(?!https?:|mailto:|tel:|about:blank|javascript:)[a-z][a-z0-9+.-]*:|\\\\|//)",
    re.IGNORECASE,
)
"""Links that run something, or lead to a file or a share. `javascript:void(0)` is what is left of a button on a page that was copied."""


def _pdf(content: bytes) -> Facts:
    import pikepdf

    if not content.removeprefix(b"\xef\xbb\xbf").lstrip(BLANK).startswith(b"%PDF-") or PAGE_MARKS.search(content[:1024]):
        raise NotAcceptable("disguised")
    end = content.rfind(b"%%EOF")
    if end < 0 or content.rfind(b"startxref", 0, end) < 0:
        raise NotAcceptable("broken")
    if content[end + 5 :].strip(BLANK):
        raise NotAcceptable("disguised")
    _no_second_file(content, end + 5)
    try:
        with pikepdf.open(BytesIO(content), suppress_warnings=True) as pdf:
            if pdf.is_encrypted:
                raise NotAcceptable("encrypted")
            for one in pdf.objects:
                _pdf_object(one)
            pages = len(pdf.pages)
            if pages > PAGES:
                raise NotAcceptable("pages")
            if pages == 0 or not all(_is_page(page.obj) for page in pdf.pages):
                raise NotAcceptable("broken")
    except pikepdf.PasswordError as error:
        raise NotAcceptable("encrypted") from error
    except (pikepdf.PdfError, ValueError, TypeError, KeyError, AttributeError, RuntimeError) as error:
        raise NotAcceptable("broken") from error
    return Facts(PDF, pages=pages)


def _is_page(page: Any) -> bool:
    import pikepdf

    contents = page.get("/Contents")
    parts = [contents] if not isinstance(contents, pikepdf.Array) else list(contents)
    return contents is None or all(isinstance(part, pikepdf.Stream) for part in parts)


def _pdf_object(one: Any) -> None:
    """Most objects hold nothing of interest: their text is searched, which is quick, and only what it hits is walked through."""
    import pikepdf

    if isinstance(one, pikepdf.Stream):
        one = one.stream_dict
        if "/F" in one:
            raise NotAcceptable("remote")
    if isinstance(one, pikepdf.Dictionary | pikepdf.Array) and SUSPECT.search(one.unparse(resolved=True)):
        _pdf_walk(one, 0)


def _pdf_walk(one: Any, depth: int) -> None:
    import pikepdf

    if depth > DEEPEST:
        raise NotAcceptable("too_complex")
    if isinstance(one, pikepdf.Array):
        for inner in one:
            if not getattr(inner, "is_indirect", True):
                _pdf_walk(inner, depth + 1)
        return
    if not isinstance(one, pikepdf.Dictionary):
        return
    _pdf_dictionary(one)
    for inner in one.values():
        if not getattr(inner, "is_indirect", True):
            _pdf_walk(inner, depth + 1)


def _pdf_dictionary(one: Any) -> None:
    import pikepdf

    names = {key: str(value) for key in ("/S", "/Subtype") if isinstance(value := one.get(key), pikepdf.Name)}
    if "/JS" in one or "/XFA" in one or "/JavaScript" in one or names.get("/S") in ACTIVE or names.get("/Subtype") in LIVELY:
        raise NotAcceptable("active")
    if names.get("/Subtype") == "/FileAttachment":
        raise NotAcceptable("embedded")
    if isinstance(link := one.get("/URI"), pikepdf.String) and BAD_LINK.match(bytes(link)):
        raise NotAcceptable("active")
    if isinstance(files := one.get("/EF"), pikepdf.Dictionary):
        for file in files.values():
            _pdf_data(file)
    if names.get("/Subtype") == "/Image":
        width, height = (one.get(key) for key in ("/Width", "/Height"))
        if isinstance(width, int) and isinstance(height, int) and width * height > PDF_PIXELS:
            raise NotAcceptable("pixels")


def _pdf_data(file: Any) -> None:
    """A PDF may carry its own figures for machines, as electronic invoices and our outcomes do (PDF/A-3): XML or JSON, no more."""
    raw = file.read_bytes()
    text = raw.removeprefix(b"\xef\xbb\xbf").lstrip(BLANK)
    if len(raw) > DATA_SIZE or b"\0" in text or PAGE_MARKS.search(text) or b"<!ENTITY" in text:
        raise NotAcceptable("embedded")
    try:
        if text.startswith((b"{", b"[")):
            json.loads(text)
        elif text.startswith(b"<"):
            ElementTree.fromstring(text)  # noqa: S314 - entities are refused above, memory and time are limited
        else:
            raise NotAcceptable("embedded")
    except (ValueError, ElementTree.ParseError, RecursionError) as error:
        raise NotAcceptable("embedded") from error


# Pictures


def _check_size(width: int, height: int) -> None:
    if width <= 0 or height <= 0:
        raise NotAcceptable("broken")
    if width * height > PIXELS:
        raise NotAcceptable("pixels")


def _jpeg(content: bytes) -> Facts:
    """Read to the end at an eighth of its size: every byte of the picture is gone through, in little memory."""
    from PIL import Image, JpegImagePlugin, UnidentifiedImageError

    head, end = _jpeg_parts(content)
    if PAGE_MARKS.search(head) or LONG_MARKS.search(content):
        raise NotAcceptable("disguised")
    _no_second_file(content, end)
    Image.MAX_IMAGE_PIXELS = None
    try:
        picture = JpegImagePlugin.JpegImageFile(BytesIO(content))
        width, height = picture.size
        _check_size(width, height)
        picture.draft("L", (max(1, width // 8), max(1, height // 8)))
        picture.load()
    except (OSError, SyntaxError, ValueError, IndexError, TypeError, struct.error, UnidentifiedImageError) as error:
        raise NotAcceptable("broken") from error
    return Facts(JPEG, width=width, height=height)


def _jpeg_parts(content: bytes) -> tuple[bytes, int]:
    """What stands before the picture itself (comments, facts of the camera), and where the picture ends."""
    at = 2
    while at + 4 <= len(content) and content[at] == 0xFF:
        marker = content[at + 1]
        if marker == 0xFF:
            at += 1
            continue
        if marker == 0xDA:
            end = content.find(b"\xff\xd9", at)
            if end < 0:
                raise NotAcceptable("broken")
            return content[:at], end + 2
        at += 2 + int.from_bytes(content[at + 2 : at + 4], "big")
    raise NotAcceptable("broken")


PNG_DEPTHS = {0: 1, 2: 3, 3: 1, 4: 2, 6: 4}
"""Samples of a pixel, by colour type."""
ADAM7 = ((0, 0, 8, 8), (4, 0, 8, 8), (0, 4, 4, 8), (2, 0, 4, 4), (0, 2, 2, 4), (1, 0, 2, 2), (0, 1, 1, 2))
"""First column, first row, and steps of the passes of an interlaced picture."""


def _png(content: bytes) -> Facts:
    """Every chunk's checksum, and whether the packed picture unpacks to exactly what its head promises, without keeping it."""
    width = height = promised = 0
    unpacker, unpacked, ended = zlib.decompressobj(), 0, False
    for kind, body in _png_chunks(content):
        if kind == b"IHDR":
            if len(body) != 13:
                raise NotAcceptable("broken")
            width, height, bits, colour, _, _, interlaced = struct.unpack(">IIBBBBB", body)
            _check_size(width, height)
            promised = _png_bytes(width, height, bits * PNG_DEPTHS.get(colour, 0), interlaced)
        elif kind == b"IDAT":
            unpacked += _unpack(unpacker, body, promised - unpacked)
        elif kind == b"IEND":
            ended = True
        elif (
            kind[:1].isascii()
            and (kind in (b"tEXt", b"iTXt", b"zTXt", b"eXIf") or kind[:1].islower())
            and PAGE_MARKS.search(body)
        ):
            raise NotAcceptable("disguised")
    if not ended or unpacked != promised or LONG_MARKS.search(content):
        raise NotAcceptable("disguised" if ended and unpacked == promised else "broken")
    return Facts(PNG, width=width, height=height)


def _png_chunks(content: bytes) -> Iterator[tuple[bytes, bytes]]:
    at = 8
    while at + 12 <= len(content):
        length = int.from_bytes(content[at : at + 4], "big")
        kind, body = content[at + 4 : at + 8], content[at + 8 : at + 8 + length]
        checksum = content[at + 8 + length : at + 12 + length]
        if len(body) != length or zlib.crc32(kind + body).to_bytes(4, "big") != checksum:
            raise NotAcceptable("broken")
        yield kind, body
        at += 12 + length
        if kind == b"IEND":
            break
    if content[at:].strip(BLANK):
        raise NotAcceptable("disguised")
    _no_second_file(content, at)


def _png_bytes(width: int, height: int, bits: int, interlaced: int) -> int:
    """How many bytes the unpacked picture has: each row one more than its pixels need."""
    passes = ADAM7 if interlaced else ((0, 0, 1, 1),)
    total = 0
    for left, top, right, down in passes:
        columns, rows = -(-(width - left) // right), -(-(height - top) // down)
        if columns > 0 and rows > 0:
            total += rows * (1 + (columns * bits + 7) // 8)
    return total


def _unpack(unpacker: Any, packed: bytes, most: int) -> int:
    """Bytes that come out, counted and thrown away; more than `most` is a bomb."""
    count = 0
    try:
        while packed:
            count += len(unpacker.decompress(packed, 1 << 20))
            packed = unpacker.unconsumed_tail
            if count > most:
                raise NotAcceptable("bomb")
    except zlib.error as error:
        raise NotAcceptable("broken") from error
    return count


def _heic(content: bytes) -> Facts:
    """The boxes follow one another to the end of the file, one of them describes the pictures, and none of these is too large."""
    width = height = 0
    kinds = set()
    for kind, body in _boxes(content):
        kinds.add(kind)
        if kind == b"meta":
            if PAGE_MARKS.search(body):
                raise NotAcceptable("disguised")
            sizes = [struct.unpack(">II", body[at.end() + 4 : at.end() + 12]) for at in re.finditer(rb"ispe", body)
                     if len(body) >= at.end() + 12]  # fmt: skip
            for width, height in sizes:
                _check_size(width, height)
            width, height = max(sizes, default=(0, 0))
    if b"meta" not in kinds or width == 0:
        raise NotAcceptable("broken")
    if LONG_MARKS.search(content):
        raise NotAcceptable("disguised")
    _no_second_file(content, len(content))
    return Facts(HEIC, width=width, height=height)


def _boxes(content: bytes) -> Iterator[tuple[bytes, bytes]]:
    at = 0
    while at < len(content):
        length, kind = int.from_bytes(content[at : at + 4], "big"), content[at + 4 : at + 8]
        head = 8
        if length == 1:
            length, head = int.from_bytes(content[at + 8 : at + 16], "big"), 16
        elif length == 0:
            length = len(content) - at
        if length < head or len(kind) < 4:
            raise NotAcceptable("broken")
        if not re.fullmatch(rb"[A-Za-z0-9 ]{4}", kind):
            raise NotAcceptable("disguised" if at else "broken")
        if at + length > len(content):
            raise NotAcceptable("broken")
        yield kind, content[at + head : at + length]
        at += length


# Word

HARMLESS_PARTS = frozenset(
    ["xml", "rels", "vml", "png", "jpg", "jpeg", "jpe", "jfif", "gif", "bmp", "tif", "tiff", "emf", "wmf", "wdp", "svg", "odttf",
        "ttf", "psmdcp", "sigs"]
)  # fmt: skip
"""Endings of what a plain document is made of."""
LINK = "/hyperlink"
DECLARATION = re.compile(r"^\ufeff?\s*<\?xml[^>]*\?>")
DDE = re.compile(r"\b(?:DDE|DDEAUTO)\b", re.IGNORECASE)
FETCHED = re.compile(r"\b(?:INCLUDEPICTURE|INCLUDETEXT|IMPORT|RD)\b[^\\]*(?:https?:|file:|\\\\|//)", re.IGNORECASE)
RELATIONSHIP = "{http://schemas.openxmlformats.org/package/2006/relationships}Relationship"


def _word(content: bytes) -> Facts:
    """A Word document is a zip with a document part; nothing in it may run, unpack without end, or reach outside."""
    try:
        with zipfile.ZipFile(BytesIO(content)) as parts:
            members = parts.infolist()
            names = [member.filename for member in members]
            lower = {name.lower() for name in names}
            if "word/document.xml" not in lower or "[content_types].xml" not in lower:
                raise NotAcceptable("type")
            _zip_is_plain(content, members)
            _word_parts(lower)
            for member in members:
                if member.filename.lower().endswith((".xml", ".rels", ".vml")):
                    _word_xml(member.filename.lower(), parts.read(member))
    except (
        zipfile.BadZipFile,
        zlib.error,
        NotImplementedError,
        RuntimeError,
        ValueError,
        OSError,
        EOFError,
        struct.error,
    ) as error:
        raise NotAcceptable("broken") from error
    return Facts(DOCX)


def _zip_is_plain(content: bytes, members: list[zipfile.ZipInfo]) -> None:
    if any(member.flag_bits & 0x1 for member in members):
        raise NotAcceptable("encrypted")
    unpacked = sum(member.file_size for member in members)
    if len(members) > ZIP_MEMBERS or unpacked > ZIP_UNPACKED:
        raise NotAcceptable("bomb")
    for member in members:
        if member.file_size > 1 << 20 and member.file_size > ZIP_RATIO * max(1, member.compress_size):
            raise NotAcceptable("bomb")
    ordered = sorted(members, key=lambda member: member.header_offset)
    reach = 0
    for member in ordered:
        if member.header_offset < reach:
            # Parts that share their bytes: how a small file unpacks into a huge one.
            raise NotAcceptable("bomb")
        reach = member.header_offset + 30 + member.compress_size
    if len({member.filename.lower() for member in members}) != len(members):
        raise NotAcceptable("disguised")
    if ordered[0].header_offset != 0 or not content.startswith(b"PK\x03\x04") or content[-22:-18] != b"PK\x05\x06":
        raise NotAcceptable("disguised")
    for name in (member.filename for member in members):
        if name.startswith(("/", "\\")) or ".." in re.split(r"[/\\]", name) or ":" in name or "\0" in name:
            raise NotAcceptable("disguised")


def _word_parts(names: set[str]) -> None:
    for name in names:
        last = name.rsplit("/", 1)[-1]
        if last in {"vbaproject.bin", "vbadata.xml", "vbaprojectsignature.bin"}:
            raise NotAcceptable("macros")
        if "/activex/" in name or name.startswith("customui/") or "/afchunk" in name:
            raise NotAcceptable("active")
        if "/embeddings/" in name:
            raise NotAcceptable("embedded")
        if (
            last
            and last.rsplit(".", 1)[-1] not in HARMLESS_PARTS
            and not last.startswith("printersettings")
            and not name.startswith("[trash]/")
        ):
            raise NotAcceptable("embedded")


def _word_xml(name: str, raw: bytes) -> None:
    if len(raw) > XML_SIZE:
        raise NotAcceptable("bomb")
    # UTF-16 would hide the words looked for below.
    text = raw.decode("utf-16") if raw[:2] in (b"\xff\xfe", b"\xfe\xff") else raw.decode("utf-8", "replace")
    if "<!DOCTYPE" in text or "<!ENTITY" in text:
        raise NotAcceptable("bomb")
    if name == "[content_types].xml" and "macroenabled" in text.lower():
        raise NotAcceptable("macros")
    fields: list[str] = []
    try:
        for _, node in ElementTree.iterparse(BytesIO(DECLARATION.sub("", text).encode())):  # noqa: S314 - no entities, see above
            tag = node.tag.rsplit("}", 1)[-1]
            if node.tag == RELATIONSHIP:
                _word_relationship(node.get("Type", ""), node.get("Target", ""), node.get("TargetMode", ""))
            elif tag == "instrText":
                fields.append(node.text or "")
            elif tag == "fldSimple":
                fields.append(next((value for key, value in node.attrib.items() if key.endswith("}instr")), "") + "\n")
            elif tag in {"altChunk", "control"} and name.startswith("word/"):
                raise NotAcceptable("active")
            if tag not in {"instrText", "fldSimple"}:
                node.clear()
    except ElementTree.ParseError as error:
        raise NotAcceptable("broken") from error
    asked = "".join(fields)
    if DDE.search(asked) or FETCHED.search(asked):
        raise NotAcceptable("remote")


def _word_relationship(kind: str, target: str, mode: str) -> None:
    if kind.endswith(("/vbaProject", "/wordVbaData")):
        raise NotAcceptable("macros")
    if kind.endswith(("/aFChunk", "/control", "/activeXControlBinary")):
        raise NotAcceptable("active")
    if kind.endswith(("/oleObject", "/package")) and mode.lower() != "external":
        raise NotAcceptable("embedded")
    if mode.lower() == "external" and not (kind.endswith(LINK) and not BAD_LINK.match(target.encode())):
        raise NotAcceptable("remote")


# The process


def _give_up_powers() -> None:
    resource.setrlimit(resource.RLIMIT_AS, (MEMORY, MEMORY))
    resource.setrlimit(resource.RLIMIT_CPU, (SECONDS, SECONDS + 1))
    resource.setrlimit(resource.RLIMIT_FSIZE, (0, 0))
    resource.setrlimit(resource.RLIMIT_CORE, (0, 0))


def main() -> None:
    """Judge what comes in; always one line of JSON, unless the process is ended for taking too much."""
    _give_up_powers()
    try:
        answer = asdict(inspect(sys.stdin.buffer.read()))
    except NotAcceptable as error:
        answer = {"code": error.code}
    except (MemoryError, RecursionError):
        answer = {"code": "too_complex"}
    with suppress(BrokenPipeError):
        sys.stdout.write(json.dumps(answer))


if __name__ == "__main__":
    main()
