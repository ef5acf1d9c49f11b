"""One decision about many cases, carried out one by one; and lists of cases as a file."""

import uuid
from typing import ClassVar

from django.conf import settings
from django.db import models
from django.db.models import Q
from django.utils.translation import gettext_lazy as _

from portal.kit import clock
from services.cases.models.case import Case, WorkItem


class BulkRun(models.Model):
    """One confirmed bulk action. Each entry is done in a transaction of its own, with its own result."""

    class Kind(models.TextChoices):
        CLAIM = "claim", _("Take")
        ASSIGN = "assign", _("Hand to a colleague")
        LABEL = "label", _("Label")
        ACCEPT = "accept", _("Accept")
        FINISH = "finish", _("Finish the step")
        SIGN = "sign", _("Sign")
        MESSAGE = "message", _("Message to the applicant")

    class State(models.TextChoices):
        RUNNING = "running", _("Under way")
        DONE = "done", _("Done")

    key = models.UUIDField(unique=True, default=uuid.uuid4, editable=False)
    kind = models.CharField(max_length=7, choices=Kind.choices)
    parameters = models.JSONField(default=dict)
    state = models.CharField(max_length=7, choices=State.choices, default=State.RUNNING)
    total = models.PositiveIntegerField()
    done = models.PositiveIntegerField(default=0)
    failed = models.PositiveIntegerField(default=0)
    asked_by = models.ForeignKey(settings.AUTH_USER_MODEL, on_delete=models.PROTECT, related_name="bulk_runs")
    asked_at = models.DateTimeField(default=clock.now)
    tried_at = models.DateTimeField(null=True, blank=True, help_text="When a worker last went on with it.")
    finished_at = models.DateTimeField(null=True, blank=True)

    class Meta:
        indexes: ClassVar[list[models.Index]] = [
            models.Index(name="bulk_run_unfinished", fields=["asked_at"], condition=Q(state="running")),
            models.Index(name="bulk_run_of_person", fields=["asked_by", "-id"]),
        ]

    def __str__(self) -> str:
        return f"{self.kind} {self.key}"


class BulkEntry(models.Model):
    """One case of a bulk action."""

    class State(models.TextChoices):
        WAITING = "waiting", _("Not yet done")
        DONE = "done", _("Done")
        FAILED = "failed", _("Not done")

    run = models.ForeignKey(BulkRun, on_delete=models.CASCADE, related_name="entries")
    position = models.PositiveIntegerField()
    case = models.ForeignKey(Case, on_delete=models.PROTECT, related_name="+")
    work_item = models.ForeignKey(WorkItem, null=True, blank=True, on_delete=models.PROTECT, related_name="+")
    seen = models.PositiveIntegerField(help_text="The case's last event when the preview was shown.")
    state = models.CharField(max_length=7, choices=State.choices, default=State.WAITING)
    code = models.CharField(max_length=40, blank=True, help_text="Of the reason it was not done.")
    message = models.CharField(max_length=300, blank=True)
    finished_at = models.DateTimeField(null=True, blank=True)

    class Meta:
        constraints: ClassVar[list[models.BaseConstraint]] = [
            models.UniqueConstraint(name="bulk_entry_position", fields=["run", "position"]),
        ]
        indexes: ClassVar[list[models.Index]] = [
            models.Index(name="bulk_entry_waiting", fields=["run", "position"], condition=Q(state="waiting")),
        ]

    def __str__(self) -> str:
        return f"{self.run} {self.position}"


class CaseExport(models.Model):
    """A list of cases as a file, made by a worker from what its asker may see at that time."""

    class Format(models.TextChoices):
        CSV = "csv", "CSV"
        XLSX = "xlsx", "XLSX"

    class State(models.TextChoices):
        WAITING = "waiting", _("Being made")
        READY = "ready", _("Ready")
        FAILED = "failed", _("Could not be made")

    key = models.UUIDField(unique=True, default=uuid.uuid4, editable=False)
    query = models.JSONField(help_text="View and filters, as in the address.")
    columns = models.JSONField(default=list)
    format = models.CharField(max_length=4, choices=Format.choices)
    state = models.CharField(max_length=7, choices=State.choices, default=State.WAITING)
    rows = models.PositiveIntegerField(default=0, help_text="Written so far.")
    file = models.FileField(max_length=200, blank=True)
    sha256 = models.CharField(max_length=64, blank=True)
    size = models.PositiveIntegerField(default=0)
    asked_by = models.ForeignKey(settings.AUTH_USER_MODEL, on_delete=models.PROTECT, related_name="case_exports")
    asked_at = models.DateTimeField(default=clock.now)
    attempts = models.PositiveSmallIntegerField(default=0)
    tried_at = models.DateTimeField(null=True, blank=True)
    made_at = models.DateTimeField(null=True, blank=True)

    class Meta:
        indexes: ClassVar[list[models.Index]] = [
            models.Index(name="case_export_waiting", fields=["asked_at"], condition=Q(state="waiting")),
            models.Index(name="case_export_of_person", fields=["asked_by", "-id"]),
        ]

    def __str__(self) -> str:
        return f"{self.format} {self.key}"
