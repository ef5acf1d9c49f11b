"""Sheets drawn on demand from what happened: the control sheet of a case, the register of an office."""

import uuid
from typing import ClassVar

from django.conf import settings
from django.db import models
from django.db.models import Q
from django.utils.translation import gettext_lazy as _

from identity.offices.models import Office
from portal.kit import clock
from services.cases.models.case import Case


class Sheet(models.Model):
    """A control sheet (Mẫu số 06) or a register (Mẫu số 07) as a PDF. What it says is frozen when a worker draws it."""

    class Kind(models.TextChoices):
        CONTROL = "control", _("Control sheet")
        REGISTER = "register", _("Register of cases")

    class State(models.TextChoices):
        WAITING = "waiting", _("Being made")
        READY = "ready", _("Ready")
        FAILED = "failed", _("Could not be made")

    key = models.UUIDField(unique=True, default=uuid.uuid4, editable=False)
    kind = models.CharField(max_length=8, choices=Kind.choices)
    case = models.ForeignKey(Case, null=True, blank=True, on_delete=models.PROTECT, related_name="sheets")
    last_event = models.PositiveIntegerField(default=0, help_text="Of the case when it was asked for.")
    office = models.ForeignKey(Office, null=True, blank=True, on_delete=models.PROTECT, related_name="+")
    since = models.DateField(null=True, blank=True)
    until = models.DateField(null=True, blank=True)
    state = models.CharField(max_length=7, choices=State.choices, default=State.WAITING)
    file = models.FileField(max_length=200, blank=True)
    sha256 = models.CharField(max_length=64, blank=True)
    size = models.PositiveIntegerField(default=0)
    rows = models.PositiveIntegerField(default=0)
    asked_by = models.ForeignKey(settings.AUTH_USER_MODEL, on_delete=models.PROTECT, related_name="+")
    asked_at = models.DateTimeField(default=clock.now)
    attempts = models.PositiveSmallIntegerField(default=0)
    tried_at = models.DateTimeField(null=True, blank=True)
    made_at = models.DateTimeField(null=True, blank=True)

    class Meta:
        constraints: ClassVar[list[models.BaseConstraint]] = [
            models.CheckConstraint(
                name="sheet_is_of_something",
                condition=Q(kind="control", case__isnull=False)
                | Q(kind="register", office__isnull=False, since__isnull=False, until__isnull=False),
            ),
        ]
        indexes: ClassVar[list[models.Index]] = [
            models.Index(name="sheet_waiting", fields=["asked_at"], condition=Q(state="waiting")),
        ]

    def __str__(self) -> str:
        return f"{self.kind} {self.key}"
