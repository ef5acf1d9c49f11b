"""Append-only, hash-chained records, and who looked at whose data."""

from typing import ClassVar

from django.conf import settings
from django.db import models

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

    viewer = models.ForeignKey(settings.AUTH_USER_MODEL, on_delete=models.PROTECT, related_name="+")
    subject = models.CharField(max_length=60, help_text="Case number.")
    what = models.CharField(max_length=40)
    at = models.DateTimeField(default=clock.now)

    class Meta:
        indexes: ClassVar[list[models.Index]] = [models.Index(name="look_by_subject", fields=["subject", "-at"])]

    def __str__(self) -> str:
        return f"{self.subject} {self.what}"
