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
    file = models.FileField(upload_to=attachment_path)
    uploaded_at = models.DateTimeField(default=clock.now)

    class Meta:
        verbose_name = _("attachment")
        verbose_name_plural = _("attachments")

    def __str__(self) -> str:
        return self.name


class IssuedDocument(models.Model):
    """A PDF an office issues: a receipt or an outcome. `data` is frozen when it is asked for."""

    class Kind(models.TextChoices):
        RECEIPT = "receipt", _("Receipt")
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
