"""Cases, their events and work items. Constraints mirror the life-cycle table."""

import uuid
from datetime import datetime
from typing import ClassVar

from django.conf import settings
from django.contrib.postgres.indexes import GinIndex
from django.contrib.postgres.search import SearchVectorField
from django.db import models
from django.db.models import Q
from django.utils.translation import gettext_lazy as _

from identity.offices.models import Office
from identity.people.models import Person
from identity.trail.models import ChainedRecord
from portal.kit import clock
from services.cases import handoff, keeping
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

    class Channel(models.IntegerChoices):
        """The way it came in; the values are the national codes."""

        COUNTER = 1, _("At the counter")
        ONLINE = 2, _("Online")
        POST = 3, _("By post")

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
    channel = models.PositiveSmallIntegerField(choices=Channel.choices, default=Channel.ONLINE)
    reception = models.ForeignKey(
        Office,
        null=True,
        blank=True,
        on_delete=models.PROTECT,
        related_name="+",
        help_text="Whose counter received it; empty: the portal.",
    )
    received_by = models.ForeignKey(
        settings.AUTH_USER_MODEL,
        null=True,
        blank=True,
        on_delete=models.PROTECT,
        related_name="+",
        help_text="The official who filed it for the applicant.",
    )
    circumstance = models.CharField(max_length=40, blank=True)
    answers = models.JSONField(default=dict)
    typed = models.JSONField(
        default=dict, help_text="What was typed and cannot be kept as an answer yet, by page: lists of texts by input name."
    )
    provenance = models.JSONField(default=dict, help_text="Where prefilled answers came from, by field: source and moment.")
    revision = models.PositiveIntegerField(default=1, help_text="Grows with every save of a draft.")
    subject_name = models.CharField(max_length=200, blank=True, help_text="Whom the case is for (chủ hồ sơ).")
    subject_folded = models.CharField(max_length=200, blank=True, editable=False)
    search = SearchVectorField(null=True, editable=False, help_text="Number, names and answers without marks.")
    state = models.PositiveSmallIntegerField(choices=State.choices, default=State.DRAFT)
    state_before_pause = models.PositiveSmallIntegerField(null=True, blank=True)
    state_before_withdrawal = models.PositiveSmallIntegerField(
        null=True, blank=True, help_text="The pausing state in which a withdrawal was asked for."
    )
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
    extended_from = models.DateTimeField(
        null=True, blank=True, help_text="The promised date before it was put off, which is done once at most."
    )
    supplements = models.PositiveSmallIntegerField(default=0, help_text="How many supplements were asked for.")
    supplements_allowed = models.PositiveSmallIntegerField(default=1, help_text="One, and those a leader allowed besides.")
    reopened = models.PositiveSmallIntegerField(default=0, help_text="How often it was opened again after an error.")
    worked_minutes = models.PositiveIntegerField(
        null=True, blank=True, help_text="Working minutes from acceptance to completion, without pauses."
    )
    last_event = models.PositiveIntegerField(default=0)
    last_hash = models.CharField(max_length=64, blank=True)

    beginning = ""
    """The signed choices of a draft of which nothing is written yet; empty once it is. Not a column."""
    clerk: Person | None = None
    """The official at whose counter a draft was opened, while they have it before them. Not a column."""

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
            models.CheckConstraint(
                name="case_supplements_allowed", condition=Q(supplements__lte=models.F("supplements_allowed"))
            ),
        ]
        indexes: ClassVar[list[models.Index]] = [
            models.Index(name="case_of_applicant", fields=["applicant", "-id"]),
            models.Index(name="case_of_principal", fields=["principal_number", "-id"], condition=~Q(principal_number="")),
            models.Index(name="case_of_visitor", fields=["visitor"], condition=Q(applicant__isnull=True)),
            models.Index(name="case_by_reception", fields=["reception", "-id"], condition=Q(reception__isnull=False)),
            models.Index(name="case_draft_saved", fields=["saved_at", "id"], condition=Q(state=0)),
            models.Index(name="case_open_by_version", fields=["version", "id"], condition=Q(state__in=OPEN_STATES)),
            models.Index(name="case_open_by_agency", fields=["agency", "due_at", "id"], condition=Q(state__in=OPEN_STATES)),
            models.Index(name="case_clock_running", fields=["due_at", "id"], condition=Q(state__in=[2, 4])),
            models.Index(name="case_filed_by_agency", fields=["agency", "filed_at", "id"], condition=Q(filed_at__isnull=False)),
            GinIndex(name="case_search", fields=["search"]),
            models.Index(
                name="case_completed_by_agency", fields=["agency", "completed_at"], condition=Q(completed_at__isnull=False)
            ),
        ]

    def __str__(self) -> str:
        return self.number or str(self.key)

    @property
    def from_phone(self) -> bool:
        """Whether the applicant began it and handed it over to a counter."""
        return handoff.came_from_applicant(self.provenance)

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

    class Result(models.TextChoices):
        """What an office that was asked answered."""

        AGREED = "agreed", _("Agrees")
        CONDITIONS = "conditions", _("Agrees with conditions")
        DISAGREED = "disagreed", _("Does not agree")
        SILENT = "silent", _("No answer in time: counts as agreement")

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
    agency = models.ForeignKey(
        Office, on_delete=models.PROTECT, related_name="+", help_text="The case's competent agency, for the queues."
    )
    points = models.PositiveSmallIntegerField(default=1, help_text="Weight of the work where it is shared out by load.")
    silence = models.BooleanField(default=False, help_text="No answer in time counts as agreement.")
    question = models.TextField(blank=True, help_text="What an office is asked that the route does not ask.")
    asked_by_item = models.ForeignKey(
        "self", null=True, blank=True, on_delete=models.PROTECT, related_name="asked", help_text="The item whose holder asked."
    )
    result = models.CharField(max_length=10, choices=Result.choices, blank=True)
    values = models.JSONField(default=dict, help_text="Answers to the step's own fields.")
    assignment = models.JSONField(default=dict, help_text="How it came to its holder, and why.")
    hours = models.DecimalField(
        max_digits=6, decimal_places=2, null=True, blank=True, help_text="Working hours; empty: not counted, due with the case."
    )
    opened_at = models.DateTimeField(default=clock.now)
    due_at = models.DateTimeField()
    claimed_by = models.ForeignKey(settings.AUTH_USER_MODEL, null=True, blank=True, on_delete=models.PROTECT, related_name="+")
    claimed_at = models.DateTimeField(null=True, blank=True)
    touched_at = models.DateTimeField(null=True, blank=True, help_text="When its holder last did something with it.")
    reminded = models.PositiveSmallIntegerField(default=0, help_text="How far its reminders have come.")
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
            models.Index(name="work_item_of_agency", fields=["agency", "due_at", "id"], condition=Q(state="open")),
            models.Index(name="work_item_due", fields=["due_at", "id"], condition=Q(state="open")),
            models.Index(name="work_item_held", fields=["touched_at"], condition=Q(state="open", claimed_by__isnull=False)),
            models.Index(name="work_item_finished", fields=["office", "-finished_at", "-id"], condition=Q(state="done")),
            models.Index(name="work_item_by_office_case", fields=["office", "case"]),
        ]

    def __str__(self) -> str:
        return f"{self.case} {self.step}"


class CaseDocument(models.Model):
    """A document issued in a case, under the step that asked for it."""

    case = models.ForeignKey(Case, on_delete=models.PROTECT, related_name="documents")
    issued = models.OneToOneField(IssuedDocument, on_delete=models.PROTECT, related_name="case_link")
    work_item = models.ForeignKey(WorkItem, null=True, blank=True, on_delete=models.PROTECT, related_name="documents")
    event = models.OneToOneField(
        CaseEvent, null=True, blank=True, on_delete=models.PROTECT, related_name="document", help_text="What asked for it."
    )

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
