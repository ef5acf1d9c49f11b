"""Files people attach, and documents the offices issue."""

import uuid
from typing import ClassVar

from django.conf import settings
from django.db import models
from django.db.models import Q
from django.utils.translation import gettext_lazy as _

from identity.offices.models import Office
from portal.kit import clock


def attachment_path(attachment: "Attachment", name: str) -> str:
    """Where the bytes lie: nothing of the given name reaches the file system."""
    return f"attachments/{attachment.pk.hex[:2]}/{attachment.pk.hex}"


def issued_path(document: "IssuedDocument", name: str) -> str:
    """One stored file per stage, named by its content, so a half-written one is never served."""
    return f"issued/{document.code[:2]}/{document.code}-{name}.pdf"


class Attachment(models.Model):
    """A file somebody uploaded. What it belongs to is said by the app that links it."""

    class Scan(models.TextChoices):
        NONE = "none", _("Not scanned")
        WAITING = "waiting", _("Being scanned for viruses")
        CLEAN = "clean", _("No virus found")
        INFECTED = "infected", _("Removed: it contained a virus")
        FAILED = "failed", _("Could not be scanned")

    id = models.UUIDField(primary_key=True, default=uuid.uuid4, editable=False)
    owner = models.ForeignKey(
        settings.AUTH_USER_MODEL,
        null=True,
        blank=True,
        on_delete=models.PROTECT,
        related_name="attachments",
        help_text="Empty while it belongs to a draft of somebody who has not signed in.",
    )
    name = models.CharField(max_length=200)
    media_type = models.CharField(max_length=100)
    size = models.PositiveBigIntegerField(help_text="Bytes.")
    sha256 = models.CharField(max_length=64)
    pages = models.PositiveIntegerField(default=0, help_text="Of a PDF.")
    file = models.FileField(upload_to=attachment_path, blank=True, help_text="Empty once a virus was found in it.")
    uploaded_at = models.DateTimeField(default=clock.now)
    scan = models.CharField(max_length=8, choices=Scan.choices, default=Scan.NONE)
    threat = models.CharField(max_length=200, blank=True, help_text="What the scanner called it.")
    scanned_at = models.DateTimeField(null=True, blank=True)
    scan_attempts = models.PositiveSmallIntegerField(default=0)
    scan_tried_at = models.DateTimeField(null=True, blank=True)

    class Meta:
        verbose_name = _("attachment")
        verbose_name_plural = _("attachments")
        constraints: ClassVar[list[models.BaseConstraint]] = [
            models.CheckConstraint(name="attachment_infected_has_no_file", condition=~Q(scan="infected") | Q(file="")),
        ]
        indexes: ClassVar[list[models.Index]] = [
            models.Index(name="attachment_to_scan", fields=["uploaded_at"], condition=Q(scan__in=["waiting", "failed"])),
        ]

    def __str__(self) -> str:
        return self.name

    @property
    def may_be_opened(self) -> bool:
        """Whether anybody may open it: not before the scanner has spoken, and never with a virus."""
        return self.scan in (self.Scan.NONE, self.Scan.CLEAN)


class Upload(models.Model):
    """A file on its way in, piece by piece. The bytes that have come lie in the spool; how many there are, the spool says."""

    key = models.UUIDField(primary_key=True, default=uuid.uuid4, editable=False)
    place = models.CharField(max_length=120, help_text="What it is for; understood by the app that asked.")
    owner = models.ForeignKey(settings.AUTH_USER_MODEL, null=True, blank=True, on_delete=models.CASCADE, related_name="uploads")
    visitor = models.CharField(max_length=64, blank=True, help_text="The browser, where nobody is signed in.")
    address = models.CharField(max_length=64, help_text="Fingerprint of the network address, for the cap on open uploads.")
    name = models.CharField(max_length=255)
    mark = models.CharField(max_length=64, blank=True, help_text="By which the browser knows the same file again.")
    size = models.PositiveBigIntegerField(help_text="Bytes, as announced.")
    started_at = models.DateTimeField(default=clock.now)
    touched_at = models.DateTimeField(default=clock.now)
    refused = models.CharField(max_length=20, blank=True, help_text="Code of the reason; the bytes are gone.")
    attachment = models.OneToOneField(Attachment, null=True, blank=True, on_delete=models.CASCADE, related_name="upload")

    class Meta:
        constraints: ClassVar[list[models.BaseConstraint]] = [
            models.CheckConstraint(name="upload_has_somebody", condition=Q(owner__isnull=False) | ~Q(visitor="")),
        ]
        indexes: ClassVar[list[models.Index]] = [
            models.Index(name="upload_place", fields=["place"], opclasses=["varchar_pattern_ops"]),
            models.Index(name="upload_open_address", fields=["address"], condition=Q(attachment=None, refused="")),
            models.Index(name="upload_touched", fields=["touched_at"]),
        ]

    def __str__(self) -> str:
        return f"{self.name} ({self.size})"

    @property
    def is_open(self) -> bool:
        """Whether it still waits for bytes or for its check."""
        return self.attachment_id is None and not self.refused


class Combination(models.Model):
    """Photos being put together into one PDF, in the order of `parts`."""

    class State(models.TextChoices):
        WAITING = "waiting", _("Being put together")
        DONE = "done", _("Put together")
        FAILED = "failed", _("Could not be put together")

    place = models.CharField(max_length=120, help_text="What it is for; understood by the app that asked.")
    owner = models.ForeignKey(settings.AUTH_USER_MODEL, null=True, blank=True, on_delete=models.CASCADE, related_name="+")
    name = models.CharField(max_length=200)
    parts = models.JSONField(help_text="Keys of the attachments, in order.")
    state = models.CharField(max_length=7, choices=State.choices, default=State.WAITING)
    pages_done = models.PositiveSmallIntegerField(default=0)
    error = models.CharField(max_length=200, blank=True)
    attempts = models.PositiveSmallIntegerField(default=0)
    tried_at = models.DateTimeField(null=True, blank=True)
    asked_at = models.DateTimeField(default=clock.now)
    result = models.OneToOneField(Attachment, null=True, blank=True, on_delete=models.SET_NULL, related_name="+")

    class Meta:
        constraints: ClassVar[list[models.BaseConstraint]] = [
            models.UniqueConstraint(name="combination_one_at_a_time", fields=["place"], condition=Q(state="waiting")),
        ]
        indexes: ClassVar[list[models.Index]] = [
            models.Index(name="combination_waiting", fields=["asked_at"], condition=Q(state="waiting")),
        ]

    def __str__(self) -> str:
        return f"{self.place} {self.state}"


class StoredPaper(models.Model):
    """A paper a person keeps on the portal: uploaded once and used again, or issued to them. Cases have copies of their own."""

    class Kind(models.TextChoices):
        UPLOADED = "uploaded", _("Kept by you")
        ISSUED = "issued", _("Issued here")

    key = models.UUIDField(unique=True, default=uuid.uuid4, editable=False)
    owner = models.ForeignKey(settings.AUTH_USER_MODEL, on_delete=models.PROTECT, related_name="stored_papers")
    title = models.CharField(max_length=200)
    kind = models.CharField(max_length=8, choices=Kind.choices)
    attachment = models.OneToOneField(Attachment, null=True, blank=True, on_delete=models.PROTECT, related_name="stored_as")
    issued = models.ForeignKey("IssuedDocument", null=True, blank=True, on_delete=models.PROTECT, related_name="stored_as")
    sha256 = models.CharField(max_length=64, help_text="Of the content, so that the same paper is kept once.")
    noted_on = models.DateField()
    valid_until = models.DateField(null=True, blank=True)

    class Meta:
        verbose_name = _("stored paper")
        verbose_name_plural = _("stored papers")
        constraints: ClassVar[list[models.BaseConstraint]] = [
            models.UniqueConstraint(name="stored_paper_once", fields=["owner", "sha256"]),
            models.CheckConstraint(
                name="stored_paper_is_one_thing",
                condition=Q(kind="uploaded", attachment__isnull=False, issued__isnull=True)
                | Q(kind="issued", attachment__isnull=True, issued__isnull=False),
            ),
        ]
        indexes: ClassVar[list[models.Index]] = [models.Index(name="stored_paper_of_owner", fields=["owner", "-id"])]

    def __str__(self) -> str:
        return self.title


class IssuedDocument(models.Model):
    """A PDF an office issues: a receipt or an outcome. `data` is frozen when it is asked for."""

    class Kind(models.TextChoices):
        RECEIPT = "receipt", _("Receipt")
        SUPPLEMENT = "supplement", _("Request for a supplement")
        REFUSAL = "refusal", _("Refusal")
        EXTENSION = "extension", _("Apology and new date")
        STOP = "stop", _("Notice of stopping")
        OUTCOME = "outcome", _("Outcome")

    class State(models.TextChoices):
        TO_SIGN = "to_sign", _("Being drawn up and signed")
        SIGNED = "signed", _("Signed, waiting for the seal")
        TO_SEAL = "to_seal", _("Being sealed")
        ISSUED = "issued", _("In force")
        REPLACED = "replaced", _("Replaced")
        REVOKED = "revoked", _("Revoked")

    code = models.CharField(max_length=16, unique=True, help_text="Printed on the document, typed at the verification page.")
    kind = models.CharField(max_length=10, choices=Kind.choices)
    template = models.CharField(max_length=40)
    title = models.CharField(max_length=300)
    language = models.CharField(max_length=2, default="vi")
    case_number = models.CharField(max_length=60)
    office = models.ForeignKey(Office, on_delete=models.PROTECT, related_name="+", help_text="The issuing agency.")
    data = models.JSONField()
    state = models.CharField(max_length=8, choices=State.choices, default=State.TO_SIGN)
    signer = models.ForeignKey(settings.AUTH_USER_MODEL, null=True, blank=True, on_delete=models.PROTECT, related_name="+")
    sealed_by = models.ForeignKey(settings.AUTH_USER_MODEL, null=True, blank=True, on_delete=models.PROTECT, related_name="+")
    number = models.CharField(max_length=40, blank=True, help_text="Number and symbol, such as 15/GPXD-UBND.")
    issued_on = models.DateField(null=True, blank=True)
    file = models.FileField(upload_to=issued_path, max_length=200, blank=True)
    sha256 = models.CharField(max_length=64, blank=True)
    size = models.PositiveIntegerField(default=0)
    requested_at = models.DateTimeField(default=clock.now)
    signed_at = models.DateTimeField(null=True, blank=True)
    issued_at = models.DateTimeField(null=True, blank=True)
    signatures = models.JSONField(
        default=list, blank=True, help_text="What checking the finished file found, one entry per signature."
    )
    replaced_by = models.ForeignKey("self", null=True, blank=True, on_delete=models.PROTECT, related_name="replaces")
    ended_at = models.DateTimeField(null=True, blank=True, help_text="When it was replaced or revoked.")
    ended_reason = models.CharField(max_length=300, blank=True)
    attempts = models.PositiveSmallIntegerField(default=0)
    tried_at = models.DateTimeField(null=True, blank=True, help_text="When a worker last began on it.")
    last_error = models.CharField(max_length=200, blank=True)

    class Meta:
        verbose_name = _("issued document")
        verbose_name_plural = _("issued documents")
        constraints: ClassVar[list[models.BaseConstraint]] = [
            models.UniqueConstraint(name="issued_number_once", fields=["office", "number", "issued_on"], condition=~Q(number="")),
            models.CheckConstraint(name="issued_has_a_file", condition=Q(state__in=["to_sign"]) | (~Q(file="") & ~Q(sha256=""))),
        ]
        indexes: ClassVar[list[models.Index]] = [
            models.Index(name="issued_waiting", fields=["requested_at"], condition=Q(state__in=["to_sign", "to_seal"])),
            models.Index(name="issued_by_case", fields=["case_number"]),
        ]

    def __str__(self) -> str:
        return f"{self.title} {self.number}".strip()


class NumberBook(models.Model):
    """The last number an agency gave in a year for one kind of document; numbering restarts on 1 January."""

    office = models.ForeignKey(Office, on_delete=models.PROTECT, related_name="+")
    year = models.PositiveSmallIntegerField()
    symbol = models.CharField(max_length=30)
    last = models.PositiveIntegerField(default=0)

    class Meta:
        constraints: ClassVar[list[models.BaseConstraint]] = [
            models.UniqueConstraint(name="number_book_once", fields=["office", "year", "symbol"]),
        ]

    def __str__(self) -> str:
        return f"{self.office} {self.symbol} {self.year}: {self.last}"
