"""What officials keep about cases and about their own desk."""

import uuid
from typing import ClassVar

from django.conf import settings
from django.db import models
from django.db.models import Q
from django.utils.translation import gettext_lazy as _

from identity.offices.models import Office
from portal.kit import clock
from services.cases.models.case import Case, CaseEvent, WorkItem
from services.documents.models import IssuedDocument


class SupplementRequest(models.Model):
    """One request that lists everything missing or wrong (Phiếu yêu cầu bổ sung), and the applicant's answer as it grows."""

    case = models.ForeignKey(Case, on_delete=models.PROTECT, related_name="supplement_requests")
    number = models.PositiveSmallIntegerField(help_text="1 for the one the law gives; further ones a leader allowed.")
    work_item = models.ForeignKey(WorkItem, on_delete=models.PROTECT, related_name="supplement_requests")
    items = models.JSONField(
        help_text="In order: kind (field, paper or other), key, label, text. Fields and papers are unlocked."
    )
    reason = models.TextField()
    instructions = models.TextField(blank=True)
    answer_by = models.DateTimeField(help_text="Until when the applicant can answer.")
    requested_by = models.ForeignKey(settings.AUTH_USER_MODEL, on_delete=models.PROTECT, related_name="+")
    requested_at = models.DateTimeField(default=clock.now)
    answers = models.JSONField(default=dict, help_text="Corrected answers, kept while they are typed.")
    typed = models.JSONField(default=dict, help_text="What was typed and cannot be kept as an answer yet.")
    revision = models.PositiveIntegerField(default=1)
    note = models.TextField(blank=True, help_text="The applicant's own words.")
    answered_at = models.DateTimeField(null=True, blank=True)
    lapsed_at = models.DateTimeField(null=True, blank=True, help_text="When the time to answer ran out.")

    class Meta:
        constraints: ClassVar[list[models.BaseConstraint]] = [
            models.UniqueConstraint(name="supplement_request_number", fields=["case", "number"]),
        ]
        indexes: ClassVar[list[models.Index]] = [
            models.Index(
                name="supplement_request_open",
                fields=["answer_by"],
                condition=Q(answered_at__isnull=True, lapsed_at__isnull=True),
            ),
        ]

    def __str__(self) -> str:
        return f"{self.case} {self.number}"


class Extension(models.Model):
    """The apology with a new date (Văn bản xin lỗi và đề nghị gia hạn): prepared at a desk or by a worker, signed by a leader."""

    class State(models.TextChoices):
        DRAFT = "draft", _("Prepared")
        SIGNED = "signed", _("Signed")

    case = models.OneToOneField(Case, on_delete=models.PROTECT, related_name="extension")
    state = models.CharField(max_length=6, choices=State.choices, default=State.DRAFT)
    reason = models.TextField(blank=True)
    due_before = models.DateTimeField()
    due_after = models.DateTimeField()
    prepared_by = models.ForeignKey(
        settings.AUTH_USER_MODEL,
        null=True,
        blank=True,
        on_delete=models.PROTECT,
        related_name="+",
        help_text="Empty: by a worker, because the date was about to be missed.",
    )
    prepared_at = models.DateTimeField(default=clock.now)
    signed_by = models.ForeignKey(settings.AUTH_USER_MODEL, null=True, blank=True, on_delete=models.PROTECT, related_name="+")
    signed_at = models.DateTimeField(null=True, blank=True)
    issued = models.OneToOneField(IssuedDocument, null=True, blank=True, on_delete=models.PROTECT, related_name="+")

    class Meta:
        constraints: ClassVar[list[models.BaseConstraint]] = [
            models.CheckConstraint(name="extension_is_later", condition=Q(due_after__gt=models.F("due_before"))),
            models.CheckConstraint(
                name="extension_signed_by_somebody", condition=~Q(state="signed") | Q(signed_by__isnull=False)
            ),
        ]

    def __str__(self) -> str:
        return f"{self.case} {self.due_after}"


class HandOver(models.Model):
    """To whom an outcome was given, and how."""

    class Means(models.TextChoices):
        COUNTER = "counter", _("At the counter")
        POST = "post", _("By post")
        ONLINE = "online", _("Electronically, on the portal")

    case = models.ForeignKey(Case, on_delete=models.PROTECT, related_name="hand_overs")
    event = models.OneToOneField(CaseEvent, on_delete=models.PROTECT, related_name="hand_over")
    means = models.CharField(max_length=7, choices=Means.choices)
    recipient = models.CharField(max_length=120)
    relation = models.CharField(max_length=120, blank=True, help_text="To the applicant, where it is somebody else.")
    tracking = models.CharField(max_length=60, blank=True, help_text="Number of the consignment.")

    def __str__(self) -> str:
        return f"{self.case} {self.means}"


class Label(models.Model):
    """A coloured word an office puts on cases, for itself and the offices of its agency."""

    class Colour(models.TextChoices):
        BLUE = "blue", _("Blue")
        GREEN = "green", _("Green")
        YELLOW = "yellow", _("Yellow")
        ORANGE = "orange", _("Orange")
        RED = "red", _("Red")
        PURPLE = "purple", _("Purple")
        GREY = "grey", _("Grey")

    office = models.ForeignKey(Office, on_delete=models.PROTECT, related_name="labels")
    name = models.CharField(max_length=40)
    colour = models.CharField(max_length=6, choices=Colour.choices, default=Colour.BLUE)
    position = models.PositiveSmallIntegerField(default=0)
    is_active = models.BooleanField(default=True)

    class Meta:
        constraints: ClassVar[list[models.BaseConstraint]] = [
            models.UniqueConstraint(name="label_once_per_office", fields=["office", "name"]),
        ]

    def __str__(self) -> str:
        return self.name


class CaseLabel(models.Model):
    """A label on a case."""

    case = models.ForeignKey(Case, on_delete=models.CASCADE, related_name="case_labels")
    label = models.ForeignKey(Label, on_delete=models.PROTECT, related_name="case_labels")
    by = models.ForeignKey(settings.AUTH_USER_MODEL, on_delete=models.PROTECT, related_name="+")
    at = models.DateTimeField(default=clock.now)

    class Meta:
        constraints: ClassVar[list[models.BaseConstraint]] = [
            models.UniqueConstraint(name="case_label_once", fields=["case", "label"]),
        ]

    def __str__(self) -> str:
        return f"{self.case} {self.label}"


class CannedText(models.Model):
    """A text an office writes often, with placeholders in braces."""

    class Use(models.TextChoices):
        MESSAGE = "message", _("Message to the applicant")
        SUPPLEMENT = "supplement", _("Request for a supplement")
        REFUSAL = "refusal", _("Refusal")
        STOP = "stop", _("Stopping")
        EXTENSION = "extension", _("Apology and new date")
        OPINION = "opinion", _("Opinion of an office that was asked")
        NOTE = "note", _("Note for colleagues")

    office = models.ForeignKey(Office, on_delete=models.PROTECT, related_name="canned_texts")
    use = models.CharField(max_length=10, choices=Use.choices)
    title = models.CharField(max_length=100)
    body = models.TextField()
    position = models.PositiveSmallIntegerField(default=0)
    is_active = models.BooleanField(default=True)

    class Meta:
        constraints: ClassVar[list[models.BaseConstraint]] = [
            models.UniqueConstraint(name="canned_text_once", fields=["office", "use", "title"]),
        ]

    def __str__(self) -> str:
        return self.title


class CaseNote(models.Model):
    """A note for colleagues; the applicant never reads it."""

    case = models.ForeignKey(Case, on_delete=models.PROTECT, related_name="notes")
    author = models.ForeignKey(settings.AUTH_USER_MODEL, on_delete=models.PROTECT, related_name="+")
    office = models.ForeignKey(Office, on_delete=models.PROTECT, related_name="+")
    body = models.TextField()
    at = models.DateTimeField(default=clock.now)

    class Meta:
        indexes: ClassVar[list[models.Index]] = [models.Index(name="case_note_of_case", fields=["case", "id"])]

    def __str__(self) -> str:
        return f"{self.case} {self.at}"


class CaseVisit(models.Model):
    """How far an official has seen a case, so that what is new can be marked."""

    case = models.ForeignKey(Case, on_delete=models.CASCADE, related_name="visits")
    person = models.ForeignKey(settings.AUTH_USER_MODEL, on_delete=models.CASCADE, related_name="+")
    seen = models.PositiveIntegerField(help_text="Sequence of the last event that was there.")
    at = models.DateTimeField(default=clock.now)

    class Meta:
        constraints: ClassVar[list[models.BaseConstraint]] = [
            models.UniqueConstraint(name="case_visit_once", fields=["case", "person"]),
        ]

    def __str__(self) -> str:
        return f"{self.case_id} {self.seen}"


class DeskSettings(models.Model):
    """How a person wants their queue."""

    person = models.OneToOneField(settings.AUTH_USER_MODEL, on_delete=models.CASCADE, related_name="desk_settings")
    columns = models.JSONField(default=list, help_text="Names of the columns, in order; none: the usual ones.")
    shortcuts = models.BooleanField(default=True, help_text="Whether single keys do something.")

    def __str__(self) -> str:
        return f"{self.person_id}"


class SavedFilter(models.Model):
    """A view of the queue under a name, for oneself or for everybody in an office."""

    key = models.UUIDField(unique=True, default=uuid.uuid4, editable=False)
    owner = models.ForeignKey(settings.AUTH_USER_MODEL, on_delete=models.CASCADE, related_name="saved_filters")
    office = models.ForeignKey(
        Office,
        null=True,
        blank=True,
        on_delete=models.CASCADE,
        related_name="saved_filters",
        help_text="Shared with; empty: mine.",
    )
    name = models.CharField(max_length=60)
    query = models.JSONField(help_text="View and filters, as in the address.")
    created_at = models.DateTimeField(default=clock.now)

    class Meta:
        constraints: ClassVar[list[models.BaseConstraint]] = [
            models.UniqueConstraint(name="saved_filter_once", fields=["owner", "office", "name"], nulls_distinct=False),
        ]

    def __str__(self) -> str:
        return self.name
