"""RULE: how a document is signed and sealed. Bytes in, bytes out; no Django, no database, no network.

Before the first signature the PDF gets form fields: number, day, signature of the official, seal of the agency. The official
certifies the document and allows form filling; the registry fills number and day and seals in one later revision. So both
signatures stay valid, and a checker can tell that nothing else was changed (PAdES, ETSI EN 319 142, level B-LT: a time stamp
and what is needed to check revocation later are inside).
"""

from collections.abc import Sequence
from dataclasses import dataclass
from io import BytesIO
from typing import Any, Protocol

from pyhanko.pdf_utils import content, generic, layout
from pyhanko.pdf_utils.incremental_writer import IncrementalPdfFileWriter
from pyhanko.pdf_utils.reader import PdfFileReader
from pyhanko.pdf_utils.writer import BasePdfFileWriter
from pyhanko.sign.fields import MDPPerm, SigFieldSpec, SigSeedSubFilter, append_signature_field
from pyhanko.sign.signers import PdfSignatureMetadata, PdfSigner, Signer
from pyhanko.sign.signers.constants import ESIC_EXTENSION_1
from pyhanko.sign.signers.pdf_signer import DSSContentSettings, SigDSSPlacementPreference
from pyhanko.sign.timestamps import TimeStamper
from pyhanko.stamp import StaticStampStyle
from pyhanko_certvalidator import ValidationContext

NUMBER_FIELD, DAY_FIELD, PERSON_FIELD, AGENCY_FIELD = "so_van_ban", "ngay_ban_hanh", "nguoi_ky", "co_quan"
SIGNATURE_FIELDS = frozenset({PERSON_FIELD, AGENCY_FIELD})
PRINT_FLAG = 4
READ_ONLY_FLAG = 1
RESERVED_DIGITS = 16384
"""Hexadecimal digits kept free for a signature: half more than certificates and time stamp of a P-256 chain need."""


class Rectangle(Protocol):
    """A place on a page (counted from 0), in points from the lower left corner."""

    @property
    def page(self) -> int: ...
    @property
    def left(self) -> float: ...
    @property
    def bottom(self) -> float: ...
    @property
    def right(self) -> float: ...
    @property
    def top(self) -> float: ...


@dataclass(frozen=True)
class Looks:
    """A PDF whose pages are what fields look like, and which page is for which field."""

    pdf: bytes
    pages: dict[str, int]


@dataclass(frozen=True)
class Field:
    """A form field to be made. `label` is read out to people who cannot see the page."""

    name: str
    place: Rectangle
    label: str


@dataclass(frozen=True)
class Pen:
    """What one signs with: the key, the clock, and the proof that the certificate was good."""

    signer: Signer
    time_stamper: TimeStamper
    judge: ValidationContext


def sign(pdf: bytes, fields: Sequence[Field], *, into: str, looks: Sequence[Looks], pen: Pen, place: str, code: str) -> bytes:
    """Make the form fields, then sign into the field `into`, in one revision.

    The signature certifies the document: after it only form fields may be filled and other signatures added.
    """
    writer = IncrementalPdfFileWriter(BytesIO(pdf))
    images = _images(writer, looks)
    _make_fields(writer, fields, images)
    return _finish(writer, into, images.get(into), pen, place=place, code=code, certify=True)


def seal(pdf: bytes, texts: dict[str, str], *, into: str, looks: Sequence[Looks], pen: Pen, place: str, code: str) -> bytes:
    """Fill the text fields and sign into the field `into`, in one revision after the earlier signature."""
    writer = IncrementalPdfFileWriter(BytesIO(pdf))
    images = _images(writer, looks)
    found = {reference.get_object()["/T"]: reference for reference in writer.root["/AcroForm"]["/Fields"]}
    for name, text in texts.items():
        field = found[name].get_object()
        field["/V"] = generic.TextStringObject(text)
        field["/AP"] = generic.DictionaryObject({generic.NameObject("/N"): images[name]})
        writer.update_container(field)
    return _finish(writer, into, images.get(into), pen, place=place, code=code, certify=False)


def sizes(pdf: bytes) -> dict[str, tuple[float, float]]:
    """Width and height of every form field, in points."""
    fields = [reference.get_object() for reference in PdfFileReader(BytesIO(pdf)).root["/AcroForm"]["/Fields"]]
    boxes = {str(field["/T"]): [float(value) for value in field["/Rect"]] for field in fields}
    return {name: (right - left, top - bottom) for name, (left, bottom, right, top) in boxes.items()}


class _Signer(PdfSigner):
    """Stays at PDF 1.7, which PDF/A-3 is built on: the PAdES extension of it allows elliptic curves, PDF 2.0 is not needed."""

    def register_extensions(self, pdf_out: BasePdfFileWriter, *, md_algorithm: str) -> None:
        """Name the extension the signature uses."""
        pdf_out.register_extension(ESIC_EXTENSION_1)


def _finish(writer: IncrementalPdfFileWriter, into: str, image: Any, pen: Pen, *, place: str, code: str, certify: bool) -> bytes:
    metadata = PdfSignatureMetadata(
        field_name=into,
        md_algorithm="sha256",
        subfilter=SigSeedSubFilter.PADES,
        certify=certify,
        docmdp_permissions=MDPPerm.FILL_FORMS,
        location=place,
        contact_info=code,
        embed_validation_info=True,
        validation_context=pen.judge,
        # In the same revision: so the last signature covers the whole file, and other software says so.
        dss_settings=DSSContentSettings(include_vri=False, placement=SigDSSPlacementPreference.TOGETHER_WITH_SIGNATURE),
    )
    style = StaticStampStyle(
        background=_Image(image),
        background_layout=layout.SimpleBoxLayoutRule(
            x_align=layout.AxisAlignment.ALIGN_MID, y_align=layout.AxisAlignment.ALIGN_MID, margins=layout.Margins.uniform(0)
        ),
        border_width=0,
    )
    signer = _Signer(metadata, pen.signer, timestamper=pen.time_stamper, stamp_style=style)
    output = signer.sign_pdf(writer, existing_fields_only=True, bytes_reserved=RESERVED_DIGITS)
    signed: bytes = output.getvalue()
    return signed


class _Image(content.PdfContent):
    """A form XObject that is already in the file."""

    def __init__(self, reference: Any) -> None:
        left, bottom, right, top = reference.get_object()["/BBox"]
        super().__init__(box=layout.BoxConstraints(width=float(right - left), height=float(top - bottom)))
        self.reference = reference

    def render(self) -> bytes:
        """Paint it."""
        self.resources.xobject[generic.NameObject("/Look")] = self.reference
        return b"/Look Do"


def _images(writer: IncrementalPdfFileWriter, looks: Sequence[Looks]) -> dict[str, Any]:
    """One form XObject per field."""
    return {field: image for source in looks for field, image in _images_of(writer, source).items()}


def _images_of(writer: IncrementalPdfFileWriter, looks: Looks) -> dict[str, Any]:
    """The pages of one PDF share their resources, so fonts are copied once."""
    reader = PdfFileReader(BytesIO(looks.pdf))
    name = generic.NameObject
    resources: dict[Any, Any] = {}
    images = {}
    for field, number in looks.pages.items():
        page = reader.find_page_for_modification(number)[0].get_object()
        original = page.raw_get("/Resources")
        key = original.reference if isinstance(original, generic.IndirectObject) else number
        if key not in resources:
            resources[key] = writer.import_object(original)
        image = generic.StreamObject(
            {
                name("/Type"): name("/XObject"),
                name("/Subtype"): name("/Form"),
                name("/BBox"): generic.ArrayObject(generic.FloatObject(float(value)) for value in page["/MediaBox"]),
                name("/Resources"): resources[key],
            },
            stream_data=page["/Contents"].data,
        )
        image.compress()
        images[field] = writer.add_object(image)
    return images


def _make_fields(writer: IncrementalPdfFileWriter, fields: Sequence[Field], images: dict[str, Any]) -> None:
    for field in fields:
        place = field.place
        box = (place.left, place.bottom, place.right, place.top)
        if field.name in SIGNATURE_FIELDS:
            # The library's type says whole points, its code takes any.
            spec = SigFieldSpec(field.name, on_page=place.page, box=box, readable_field_name=field.label)  # type: ignore[arg-type]
            append_signature_field(writer, spec)
        else:
            _make_text_field(writer, field, box, images.get(field.name))
    form = writer.root["/AcroForm"]
    form["/DR"] = generic.DictionaryObject({generic.NameObject("/Font"): generic.DictionaryObject()})
    made = {reference.get_object()["/T"]: reference for reference in form["/Fields"]}
    for field in fields:
        page = writer.find_page_for_modification(field.place.page)[0]
        _tag(writer, made[field.name], page)
    writer.update_container(form)


def _make_text_field(writer: IncrementalPdfFileWriter, field: Field, box: tuple[float, ...], image: Any) -> None:
    """A read-only text field: people cannot type into it, only a later revision of the file can fill it."""
    page = writer.find_page_for_modification(field.place.page)[0]
    if image is None:
        size = layout.BoxConstraints(width=box[2] - box[0], height=box[3] - box[1])
        image = writer.add_object(content.RawContent(b"", box=size).as_form_xobject())
    name = generic.NameObject
    reference = writer.add_object(
        generic.DictionaryObject(
            {
                name("/Type"): name("/Annot"),
                name("/Subtype"): name("/Widget"),
                name("/FT"): name("/Tx"),
                name("/T"): generic.TextStringObject(field.name),
                name("/TU"): generic.TextStringObject(field.label),
                name("/V"): generic.TextStringObject(""),
                name("/DA"): generic.TextStringObject("/Tinos 13 Tf 0 g"),
                name("/Ff"): generic.NumberObject(READ_ONLY_FLAG),
                name("/F"): generic.NumberObject(PRINT_FLAG),
                name("/Rect"): generic.ArrayObject(generic.FloatObject(round(value, 2)) for value in box),
                name("/P"): page,
                name("/AP"): generic.DictionaryObject({name("/N"): image}),
            }
        )
    )
    root = writer.root
    if "/AcroForm" not in root:
        root["/AcroForm"] = writer.add_object(generic.DictionaryObject({name("/Fields"): generic.ArrayObject()}))
        writer.update_root()
    fields = root["/AcroForm"]["/Fields"]
    fields.append(reference)
    writer.update_container(fields)
    writer.register_annotation(page, reference)


def _tag(writer: IncrementalPdfFileWriter, reference: Any, page: Any) -> None:
    """Put a field into the document's structure, so that reading aloud comes past it (ISO 14289-1, 7.18.4)."""
    name = generic.NameObject
    tree = writer.root["/StructTreeRoot"]
    document = tree.raw_get("/K")
    if isinstance(document, generic.ArrayObject):
        document = document.raw_get(0)
    parents = tree["/ParentTree"]
    numbers = parents["/Nums"]
    key = generic.NumberObject(max((int(number) for number in list(numbers)[::2]), default=-1) + 1)
    target = generic.DictionaryObject({name("/Type"): name("/OBJR"), name("/Obj"): reference, name("/Pg"): page})
    element = generic.DictionaryObject(
        {
            name("/Type"): name("/StructElem"),
            name("/S"): name("/Form"),
            name("/P"): document,
            name("/Pg"): page,
            name("/K"): target,
        }
    )
    element_reference = writer.add_object(element)
    numbers.append(key)
    numbers.append(element_reference)
    writer.update_container(numbers)
    if "/ParentTreeNextKey" in tree:
        tree["/ParentTreeNextKey"] = generic.NumberObject(int(key) + 1)
        writer.update_container(tree)
    parent = document.get_object()
    children = parent["/K"]
    if not isinstance(children, generic.ArrayObject):
        children = generic.ArrayObject([parent.raw_get("/K")])
        parent[name("/K")] = children
    children.append(element_reference)
    writer.update_container(children)
    field = reference.get_object()
    field[name("/StructParent")] = key
    writer.update_container(field)
