"""Cases, their events and work items. Constraints mirror the life-cycle table."""

import uuid
from datetime import datetime
from typing import ClassVar

from django.conf import settings
from django.db import models
from django.db.models import Q
from django.utils.translation import gettext_lazy as _

from identity.offices.models import Office
from identity.people.models import Person
from identity.trail.models import ChainedRecord
from portal.kit import clock
from services.cases import keeping
from services.catalogue.models import Version
from services.documents.models import Attachment, IssuedDocument

OPEN_STATES = [1, 2, 4, 5, 6, 7]


class Case(models.Model):
    """One application (hồ sơ) from draft to returned outcome."""

    class State(models.IntegerChoices):
        DRAFT = 0, _("Draft")
        FILED = 1, _("Newly filed")
        ACCEPTED = 2, _("Accepted")
        NOT_ACCEPTED = 3, _("Not accepted")
        IN_PROGRESS = 4, _("In progress")
        SUPPLEMENT = 5, _("Supplement requested")
        PAYMENT = 6, _("Payment requested")
        WITHDRAWAL = 7, _("Withdrawal requested")
        STOPPED = 8, _("Stopped")
        COMPLETED = 9, _("Completed")
        RETURNED = 10, _("Outcome returned")

    class Behalf(models.TextChoices):
        SELF = "self", _("For myself")
        BUSINESS = "business", _("For a business or organisation")
        PERSON = "person", _("For somebody else")

    id = models.BigAutoField(primary_key=True)
    key = models.UUIDField(unique=True, default=uuid.uuid4, editable=False, help_text="Names the draft before it has a number.")
    number = models.CharField(max_length=60, unique=True, null=True, blank=True)
    version = models.ForeignKey(Version, on_delete=models.PROTECT, related_name="cases")
    applicant = models.ForeignKey(
        settings.AUTH_USER_MODEL,
        null=True,
        blank=True,
        on_delete=models.PROTECT,
        related_name="cases",
        help_text="Empty only while somebody who has not signed in fills in a draft.",
    )
    visitor = models.CharField(
        max_length=64, blank=True, help_text="SHA-256 of the secret in the browser that began the draft without signing in."
    )
    behalf = models.CharField(max_length=8, choices=Behalf.choices, default=Behalf.SELF)
    principal_name = models.CharField(max_length=300, blank=True, help_text="The business or person it is filed for.")
    principal_number = models.CharField(max_length=14, blank=True, help_text="Tax code or personal number of them.")
    mandate = models.ForeignKey("people.Mandate", null=True, blank=True, on_delete=models.PROTECT, related_name="cases")
    agency = models.ForeignKey(Office, on_delete=models.PROTECT, related_name="cases", help_text="The competent agency.")
    circumstance = models.CharField(max_length=40, blank=True)
    answers = models.JSONField(default=dict)
    typed = models.JSONField(
        default=dict, help_text="What was typed and cannot be kept as an answer yet, by page: lists of texts by input name."
    )
    provenance = models.JSONField(default=dict, help_text="Where prefilled answers came from, by field: source and moment.")
    revision = models.PositiveIntegerField(default=1, help_text="Grows with every save of a draft.")
    subject_name = models.CharField(max_length=200, blank=True, help_text="Whom the case is for (chủ hồ sơ).")
    subject_folded = models.CharField(max_length=200, blank=True, editable=False)
    state = models.PositiveSmallIntegerField(choices=State.choices, default=State.DRAFT)
    state_before_pause = models.PositiveSmallIntegerField(null=True, blank=True)
    created_at = models.DateTimeField(default=clock.now)
    saved_at = models.DateTimeField(default=clock.now)
    filed_at = models.DateTimeField(null=True, blank=True)
    accepted_at = models.DateTimeField(null=True, blank=True)
    clock_started_at = models.DateTimeField(null=True, blank=True)
    due_at = models.DateTimeField(null=True, blank=True)
    paused_at = models.DateTimeField(null=True, blank=True)
    paused_minutes = models.PositiveIntegerField(default=0, help_text="Working minutes the clock has stood still.")
    completed_at = models.DateTimeField(null=True, blank=True)
    closed_at = models.DateTimeField(null=True, blank=True)
    worked_minutes = models.PositiveIntegerField(
        null=True, blank=True, help_text="Working minutes from acceptance to completion, without pauses."
    )
    last_event = models.PositiveIntegerField(default=0)
    last_hash = models.CharField(max_length=64, blank=True)

    beginning = ""
    """The signed choices of a draft of which nothing is written yet; empty once it is. Not a column."""

    class Meta:
        verbose_name = _("case")
        verbose_name_plural = _("cases")
        constraints: ClassVar[list[models.BaseConstraint]] = [
            models.CheckConstraint(name="case_state_known", condition=Q(state__in=range(11))),
            models.CheckConstraint(
                name="case_has_applicant", condition=Q(applicant__isnull=False) | (Q(state=0) & ~Q(visitor=""))
            ),
            models.CheckConstraint(
                name="case_filed_has_number", condition=Q(state=0) | (Q(number__isnull=False) & Q(filed_at__isnull=False))
            ),
            models.CheckConstraint(
                name="case_clock_runs_from_acceptance",
                condition=~Q(state__in=[2, 4, 9, 10]) | Q(accepted_at__isnull=False, due_at__isnull=False),
            ),
            models.CheckConstraint(
                name="case_paused_in_pausing_state", condition=Q(paused_at__isnull=True) | Q(state__in=[5, 6, 7])
            ),
        ]
        indexes: ClassVar[list[models.Index]] = [
            models.Index(name="case_of_applicant", fields=["applicant", "-id"]),
            models.Index(name="case_of_visitor", fields=["visitor"], condition=Q(applicant__isnull=True)),
            models.Index(name="case_draft_saved", fields=["saved_at", "id"], condition=Q(state=0)),
            models.Index(name="case_open_by_version", fields=["version", "id"], condition=Q(state__in=OPEN_STATES)),
            models.Index(name="case_open_by_agency", fields=["agency", "due_at", "id"], condition=Q(state__in=OPEN_STATES)),
            models.Index(
                name="case_completed_by_agency", fields=["agency", "completed_at"], condition=Q(completed_at__isnull=False)
            ),
        ]

    def __str__(self) -> str:
        return self.number or str(self.key)

    @property
    def filed_by(self) -> Person:
        """Its applicant. Every filed case has one; only a draft may be without."""
        assert self.applicant is not None
        return self.applicant

    @property
    def days_kept(self) -> int:
        """For how many days a draft is kept after each change."""
        return keeping.days(signed_in=self.applicant_id is not None)

    @property
    def kept_until(self) -> datetime:
        """The moment after which the draft is deleted, unless it is changed again."""
        return keeping.kept_until(self.saved_at, signed_in=self.applicant_id is not None)

    @property
    def limit(self) -> tuple[int, str]:
        """The statutory limit, value and unit: the circumstance's own, or the version's."""
        for circumstance in self.version.circumstances:
            if circumstance["key"] == self.circumstance and circumstance.get("limit"):
                return circumstance["limit"]["value"], circumstance["limit"]["unit"]
        return self.version.limit_value, self.version.limit_unit


class CaseAttachment(models.Model):
    """A file under one of the version's documents."""

    case = models.ForeignKey(Case, on_delete=models.PROTECT, related_name="attachments")
    attachment = models.OneToOneField(Attachment, on_delete=models.PROTECT, related_name="case_link")
    document = models.CharField(max_length=60, help_text="Key of the document in the version, or of an attachment field.")
    position = models.PositiveSmallIntegerField(default=0)
    added_in = models.CharField(max_length=12, default="draft", help_text="draft or supplement")

    class Meta:
        indexes: ClassVar[list[models.Index]] = [models.Index(name="case_attachment_order", fields=["case", "position"])]

    def __str__(self) -> str:
        return f"{self.case} {self.document}"


class CaseEvent(ChainedRecord):
    """One change of a case. Written in the transaction of the change, never altered; `handled_at` is the outbox mark."""

    id = models.BigAutoField(primary_key=True)
    case = models.ForeignKey(Case, on_delete=models.PROTECT, related_name="events")
    action = models.CharField(max_length=40)
    from_state = models.PositiveSmallIntegerField()
    to_state = models.PositiveSmallIntegerField()
    actor = models.ForeignKey(settings.AUTH_USER_MODEL, null=True, blank=True, on_delete=models.PROTECT, related_name="+")
    office = models.ForeignKey(Office, null=True, blank=True, on_delete=models.PROTECT, related_name="+")
    work_item = models.ForeignKey("WorkItem", null=True, blank=True, on_delete=models.PROTECT, related_name="events")
    note = models.TextField(blank=True)
    data = models.JSONField(default=dict)
    handled_at = models.DateTimeField(null=True, blank=True)

    class Meta:
        verbose_name = _("event")
        verbose_name_plural = _("events")
        constraints: ClassVar[list[models.BaseConstraint]] = [
            models.UniqueConstraint(name="case_event_sequence", fields=["case", "sequence"]),
        ]
        indexes: ClassVar[list[models.Index]] = [
            models.Index(name="case_event_unhandled", fields=["id"], condition=Q(handled_at__isnull=True)),
        ]

    def __str__(self) -> str:
        return f"{self.case_id}/{self.sequence} {self.action}"


class WorkItem(models.Model):
    """One step of the route at one office: in one queue, claimed by one official at a time."""

    class State(models.TextChoices):
        OPEN = "open", _("Open")
        DONE = "done", _("Done")
        CANCELLED = "cancelled", _("Cancelled")

    id = models.BigAutoField(primary_key=True)
    case = models.ForeignKey(Case, on_delete=models.PROTECT, related_name="work_items")
    step = models.CharField(max_length=40)
    round = models.PositiveSmallIntegerField(default=1, help_text="Counts how often the route came through this step.")
    position = models.PositiveSmallIntegerField()
    title = models.CharField(max_length=200)
    kind = models.CharField(max_length=12)
    power = models.CharField(max_length=20)
    office = models.ForeignKey(Office, on_delete=models.PROTECT, related_name="work_items")
    state = models.CharField(max_length=9, choices=State.choices, default=State.OPEN)
    hours = models.DecimalField(
        max_digits=6, decimal_places=2, null=True, blank=True, help_text="Working hours; empty: not counted, due with the case."
    )
    opened_at = models.DateTimeField(default=clock.now)
    due_at = models.DateTimeField()
    claimed_by = models.ForeignKey(settings.AUTH_USER_MODEL, null=True, blank=True, on_delete=models.PROTECT, related_name="+")
    claimed_at = models.DateTimeField(null=True, blank=True)
    finished_by = models.ForeignKey(settings.AUTH_USER_MODEL, null=True, blank=True, on_delete=models.PROTECT, related_name="+")
    finished_at = models.DateTimeField(null=True, blank=True)
    note = models.TextField(blank=True)

    class Meta:
        verbose_name = _("work item")
        verbose_name_plural = _("work items")
        constraints: ClassVar[list[models.BaseConstraint]] = [
            models.UniqueConstraint(name="work_item_once_per_round", fields=["case", "step", "round"]),
            models.CheckConstraint(name="work_item_done_has_time", condition=~Q(state="done") | Q(finished_at__isnull=False)),
            models.CheckConstraint(
                name="work_item_claim_complete",
                condition=Q(claimed_by__isnull=True, claimed_at__isnull=True)
                | Q(claimed_by__isnull=False, claimed_at__isnull=False),
            ),
        ]
        indexes: ClassVar[list[models.Index]] = [
            models.Index(name="work_item_queue", fields=["office", "due_at", "id"], condition=Q(state="open")),
            models.Index(name="work_item_mine", fields=["claimed_by", "due_at", "id"], condition=Q(state="open")),
            models.Index(name="work_item_by_office_case", fields=["office", "case"]),
        ]

    def __str__(self) -> str:
        return f"{self.case} {self.step}"


class CaseDocument(models.Model):
    """A document issued in a case, under the step that asked for it."""

    case = models.ForeignKey(Case, on_delete=models.PROTECT, related_name="documents")
    issued = models.OneToOneField(IssuedDocument, on_delete=models.PROTECT, related_name="case_link")
    work_item = models.ForeignKey(WorkItem, null=True, blank=True, on_delete=models.PROTECT, related_name="documents")

    class Meta:
        constraints: ClassVar[list[models.BaseConstraint]] = [
            models.UniqueConstraint(
                name="case_document_once_per_item", fields=["work_item"], condition=Q(work_item__isnull=False)
            ),
        ]

    def __str__(self) -> str:
        return f"{self.case} {self.issued}"


class NumberCounter(models.Model):
    """The last case number an agency gave on a day (Điều 13 Thông tư 03/2025/TT-VPCP)."""

    agency_code = models.CharField(max_length=35)
    day = models.DateField()
    last = models.PositiveIntegerField()

    class Meta:
        constraints: ClassVar[list[models.BaseConstraint]] = [
            models.UniqueConstraint(name="number_counter_once", fields=["agency_code", "day"]),
        ]

    def __str__(self) -> str:
        return f"{self.agency_code} {self.day}: {self.last}"


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
