"""Append-only, hash-chained records, and who looked at whose data."""

from typing import ClassVar

from django.conf import settings
from django.db import models
from django.utils.translation import gettext_lazy as _

from portal.kit import clock


class ChainedRecord(models.Model):
    """Columns every hash-chained log has; the chain is per subject, counted by `sequence` from 1."""

    sequence = models.PositiveIntegerField()
    at = models.DateTimeField(default=clock.now)
    previous_hash = models.CharField(max_length=64)
    hash = models.CharField(max_length=64)

    class Meta:
        abstract = True


class Look(models.Model):
    """One official opened one person's data: shown to supervisors and, on request, to the person."""

    viewer = models.ForeignKey(settings.AUTH_USER_MODEL, on_delete=models.PROTECT, related_name="+", verbose_name=_("viewer"))
    subject = models.CharField(_("case number"), max_length=60)
    what = models.CharField(_("what was opened"), max_length=40)
    at = models.DateTimeField(_("at"), default=clock.now)

    class Meta:
        verbose_name = _("look at a person's data")
        verbose_name_plural = _("looks at people's data")
        indexes: ClassVar[list[models.Index]] = [models.Index(name="look_by_subject", fields=["subject", "-at"])]

    def __str__(self) -> str:
        return f"{self.subject} {self.what}"
