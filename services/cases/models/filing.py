"""Kept beside cases: trial runs of drafts, moves to another version, the statutory form filled in."""

import uuid
from typing import ClassVar

from django.conf import settings
from django.db import models
from django.db.models import Q
from django.utils.translation import gettext_lazy as _

from identity.offices.models import Office
from portal.kit import clock
from services.cases.models.case import Case
from services.catalogue.models import Version


class TrialRun(models.Model):
    """A test case an editor sent through the whole route of a draft; the case itself is rolled back, its record is kept here."""

    class State(models.TextChoices):
        WAITING = "waiting", _("Waiting for a worker")
        RUNNING = "running", _("Running")
        PASSED = "passed", _("Reached the outcome")
        FAILED = "failed", _("Stopped on the way")

    key = models.UUIDField(unique=True, default=uuid.uuid4, editable=False)
    draft = models.ForeignKey("catalogue.VersionDraft", on_delete=models.CASCADE, related_name="trial_runs")
    revision = models.PositiveIntegerField(help_text="Revision of the draft that was tried.")
    agency = models.ForeignKey(Office, on_delete=models.PROTECT, related_name="+")
    circumstance = models.CharField(max_length=40, blank=True)
    answers = models.JSONField(default=dict)
    state = models.CharField(max_length=7, choices=State.choices, default=State.WAITING)
    report = models.JSONField(default=dict, help_text="Steps with office, power, people, hours and dates; the reason it stopped.")
    asked_by = models.ForeignKey(settings.AUTH_USER_MODEL, on_delete=models.PROTECT, related_name="+")
    asked_at = models.DateTimeField(default=clock.now)
    tried_at = models.DateTimeField(null=True, blank=True)
    attempts = models.PositiveSmallIntegerField(default=0)
    finished_at = models.DateTimeField(null=True, blank=True)

    class Meta:
        indexes: ClassVar[list[models.Index]] = [
            models.Index(name="trial_run_waiting", fields=["asked_at"], condition=Q(state__in=["waiting", "running"])),
        ]

    def __str__(self) -> str:
        return f"{self.draft} {self.state}"


class CaseMove(models.Model):
    """One decision to move the open cases of a version to another; each case has its own event, and a move can be undone."""

    class State(models.TextChoices):
        WAITING = "waiting", _("Waiting for a worker")
        DONE = "done", _("Done")
        UNDOING = "undoing", _("Being undone")
        UNDONE = "undone", _("Undone")

    key = models.UUIDField(unique=True, default=uuid.uuid4, editable=False)
    from_version = models.ForeignKey(Version, on_delete=models.PROTECT, related_name="+")
    to_version = models.ForeignKey(Version, on_delete=models.PROTECT, related_name="+")
    reason = models.TextField()
    state = models.CharField(max_length=7, choices=State.choices, default=State.WAITING)
    last_case = models.BigIntegerField(default=0, help_text="How far a worker has come.")
    moved = models.PositiveIntegerField(default=0)
    left = models.PositiveIntegerField(default=0, help_text="Cases the new version does not fit.")
    moved_back = models.PositiveIntegerField(default=0, help_text="Cases that undoing it brought back.")
    asked_by = models.ForeignKey(settings.AUTH_USER_MODEL, on_delete=models.PROTECT, related_name="+")
    asked_at = models.DateTimeField(default=clock.now)
    undone_by = models.ForeignKey(settings.AUTH_USER_MODEL, null=True, blank=True, on_delete=models.PROTECT, related_name="+")
    undo_reason = models.TextField(blank=True)
    finished_at = models.DateTimeField(null=True, blank=True)

    def __str__(self) -> str:
        return f"{self.from_version} → {self.to_version}"


class ApplicationForm(models.Model):
    """The statutory form filled in with a case's answers, as a PDF. What it says is frozen when it is asked for.

    A draft has one for what its answers are now; the one of a filed case stays with it. Whoever deletes a draft leaves the form
    without a case, and the sweeper removes it with its file.
    """

    class State(models.TextChoices):
        WAITING = "waiting", _("Being made")
        READY = "ready", _("Ready")
        FAILED = "failed", _("Could not be made")

    case = models.ForeignKey(Case, null=True, blank=True, on_delete=models.SET_NULL, related_name="application_forms")
    is_draft = models.BooleanField(default=True, help_text="Of a case that was not filed yet.")
    revision = models.PositiveIntegerField(help_text="Revision of the case whose answers it holds.")
    data = models.JSONField(help_text="What it says.")
    digest = models.CharField(max_length=64, help_text="SHA-256 of what it says.")
    state = models.CharField(max_length=7, choices=State.choices, default=State.WAITING)
    file = models.FileField(max_length=200, blank=True)
    sha256 = models.CharField(max_length=64, blank=True)
    size = models.PositiveIntegerField(default=0)
    attempts = models.PositiveSmallIntegerField(default=0)
    asked_at = models.DateTimeField(default=clock.now)
    tried_at = models.DateTimeField(null=True, blank=True, help_text="When a worker last began on it.")
    made_at = models.DateTimeField(null=True, blank=True)

    class Meta:
        constraints: ClassVar[list[models.BaseConstraint]] = [
            models.UniqueConstraint(name="application_form_once", fields=["case", "digest"]),
            models.CheckConstraint(
                name="application_form_ready_has_file", condition=~Q(state="ready") | (~Q(file="") & ~Q(sha256=""))
            ),
        ]
        indexes: ClassVar[list[models.Index]] = [
            models.Index(name="application_form_waiting", fields=["asked_at"], condition=Q(state="waiting")),
            models.Index(name="application_form_homeless", fields=["id"], condition=Q(case__isnull=True)),
        ]

    def __str__(self) -> str:
        return f"{self.case} {self.state}"
