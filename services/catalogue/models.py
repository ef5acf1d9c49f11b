"""Procedures, their published versions, and the drafts editors work on.

A published version never changes; cases stay on the version they were filed under.
"""

import uuid
from typing import ClassVar

from django.conf import settings
from django.contrib.postgres.fields import ArrayField
from django.contrib.postgres.indexes import GinIndex
from django.contrib.postgres.search import SearchVectorField
from django.core.validators import RegexValidator
from django.db import models
from django.db.models import Q
from django.utils.translation import gettext_lazy as _

from portal.kit import clock


class Domain(models.Model):
    """A field of law (lĩnh vực)."""

    slug = models.SlugField(max_length=60, unique=True)
    name = models.CharField(max_length=120)
    position = models.PositiveSmallIntegerField(default=0)

    class Meta:
        ordering: ClassVar[list[str]] = ["position", "name"]

    def __str__(self) -> str:
        return self.name


class Procedure(models.Model):
    """An administrative procedure (thủ tục hành chính) under its national code."""

    code = models.CharField(max_length=30, unique=True, validators=[RegexValidator(r"^\d\.\d{6}(\.[A-Z0-9]+)*$")])
    domain = models.ForeignKey(Domain, on_delete=models.PROTECT, related_name="procedures")
    current = models.ForeignKey("Version", null=True, blank=True, on_delete=models.PROTECT, related_name="+")
    search = SearchVectorField(null=True, editable=False)
    filings = models.PositiveIntegerField(default=0, help_text="How often it was filed; ranks the search.")
    life_events = ArrayField(models.SlugField(max_length=40), default=list, blank=True, help_text="Of the current version.")
    retired_on = models.DateField(null=True, blank=True, help_text="The first day on which it can no longer be filed.")
    retired_reason = models.CharField(max_length=300, blank=True, help_text="The decision that ended it.")
    replaced_by = models.ForeignKey("self", null=True, blank=True, on_delete=models.PROTECT, related_name="+")

    class Meta:
        verbose_name = _("procedure")
        verbose_name_plural = _("procedures")
        indexes: ClassVar[list[models.Index]] = [
            GinIndex(name="procedure_search", fields=["search"]),
            GinIndex(name="procedure_life_events", fields=["life_events"]),
        ]

    def __str__(self) -> str:
        return self.code

    @property
    def files_online(self) -> bool:
        """Whether the current version can be filed on the portal."""
        return self.current is not None and self.current.files_online


class Version(models.Model):
    """One published text of a procedure. The JSON columns' shapes are in `services/catalogue/shapes/`."""

    class LimitUnit(models.TextChoices):
        WORKING_HOUR = "working_hour", _("working hours")
        WORKING_DAY = "working_day", _("working days")
        CALENDAR_DAY = "calendar_day", _("days")

    class Level(models.TextChoices):
        WARD = "ward", _("Ward")
        CITY = "city", _("City")
        FACILITY = "facility", _("Vertical agency")

    procedure = models.ForeignKey(Procedure, on_delete=models.PROTECT, related_name="versions")
    number = models.PositiveIntegerField()
    name = models.CharField(max_length=400)
    level = models.CharField(max_length=10, choices=Level.choices)
    agency_name = models.CharField(max_length=300)
    agency_function = models.SlugField(
        max_length=40, blank=True, help_text="Function of the competent agency where it is not the ward itself."
    )
    audience = models.CharField(max_length=300)
    decision = models.CharField(max_length=60, blank=True)
    limit_value = models.PositiveSmallIntegerField()
    limit_unit = models.CharField(max_length=12, choices=LimitUnit.choices)
    limit_text = models.CharField(max_length=300)
    same_day = models.BooleanField(default=False, help_text="Answered the same day; received after 15:00, the next working day.")
    limit_restarts = models.BooleanField(default=False, help_text="After a supplement the whole limit counts anew.")
    channels = models.JSONField(default=list)
    fees = models.JSONField(default=list)
    circumstances = models.JSONField(default=list)
    documents = models.JSONField(default=list)
    form = models.JSONField(default=dict)
    route = models.JSONField(default=list)
    outcome = models.JSONField(default=dict)
    steps_text = models.JSONField(default=list)
    conditions = models.TextField(blank=True)
    legal_basis = models.JSONField(default=list)
    result_name = models.CharField(max_length=200)
    result_code = models.CharField(max_length=20, blank=True)
    source = models.CharField(max_length=300, blank=True)
    is_demo = models.BooleanField(default=False)
    eligibility = models.JSONField(default=list, help_text="Questions asked before filling in.")
    life_events = models.JSONField(default=list, help_text="Slugs of the events of life it belongs to.")
    minutes_needed = models.PositiveSmallIntegerField(
        null=True, blank=True, help_text="Minutes to fill in; empty: estimated from the form."
    )
    starts_on = models.DateField(null=True, blank=True, help_text="The first day on which one files under it; empty: at once.")
    edited_by = models.ForeignKey(settings.AUTH_USER_MODEL, null=True, blank=True, on_delete=models.PROTECT, related_name="+")
    approved_by = models.ForeignKey(settings.AUTH_USER_MODEL, null=True, blank=True, on_delete=models.PROTECT, related_name="+")
    published_at = models.DateTimeField(default=clock.now)

    class Meta:
        verbose_name = _("version")
        verbose_name_plural = _("versions")
        constraints: ClassVar[list[models.BaseConstraint]] = [
            models.UniqueConstraint(name="version_number_once", fields=["procedure", "number"]),
            models.CheckConstraint(name="version_has_a_limit", condition=Q(limit_value__gt=0)),
        ]

    def __str__(self) -> str:
        return f"{self.procedure.code} v{self.number}"

    @property
    def files_online(self) -> bool:
        """Whether the procedure can be filed on the portal."""
        return any(channel["channel"] == "online" for channel in self.channels)


class VersionDraft(models.Model):
    """A version being prepared. `content` has the columns of `Version` with `code` and `domain`, as `shapes.problems` reads it."""

    class State(models.TextChoices):
        EDITING = "editing", _("Being edited")
        PROPOSED = "proposed", _("Waiting for a second person")
        PUBLISHED = "published", _("Published")
        DISCARDED = "discarded", _("Discarded")

    key = models.UUIDField(unique=True, default=uuid.uuid4, editable=False)
    code = models.CharField(max_length=30, help_text="Code of the procedure, which need not exist yet.")
    content = models.JSONField(default=dict)
    base = models.ForeignKey(Version, null=True, blank=True, on_delete=models.PROTECT, related_name="+")
    state = models.CharField(max_length=9, choices=State.choices, default=State.EDITING)
    revision = models.PositiveIntegerField(default=1, help_text="Grows with every change; a save names the one it read.")
    starts_on = models.DateField(null=True, blank=True)
    note = models.TextField(blank=True, help_text="What was changed and why, for the second person.")
    answer = models.TextField(blank=True, help_text="What the second person said when sending it back.")
    findings = models.JSONField(
        default=list, help_text="What an import left for a person: field, reason, value; settled once somebody saw to it."
    )
    stopping = models.PositiveSmallIntegerField(
        default=0, help_text="Problems in the content itself that stop publishing, counted when it was last saved."
    )
    origin = models.JSONField(default=dict, help_text="Where an import took it from: file, record, digest.")
    created_by = models.ForeignKey(settings.AUTH_USER_MODEL, null=True, blank=True, on_delete=models.PROTECT, related_name="+")
    created_at = models.DateTimeField(default=clock.now)
    saved_by = models.ForeignKey(settings.AUTH_USER_MODEL, null=True, blank=True, on_delete=models.PROTECT, related_name="+")
    saved_at = models.DateTimeField(default=clock.now)
    proposed_by = models.ForeignKey(settings.AUTH_USER_MODEL, null=True, blank=True, on_delete=models.PROTECT, related_name="+")
    proposed_at = models.DateTimeField(null=True, blank=True)
    version = models.OneToOneField(Version, null=True, blank=True, on_delete=models.PROTECT, related_name="draft")

    class Meta:
        verbose_name = _("draft of a version")
        verbose_name_plural = _("drafts of versions")
        constraints: ClassVar[list[models.BaseConstraint]] = [
            models.CheckConstraint(
                name="version_draft_published_has_version", condition=~Q(state="published") | Q(version__isnull=False)
            ),
            models.CheckConstraint(
                name="version_draft_proposed_by_somebody", condition=~Q(state="proposed") | Q(proposed_by__isnull=False)
            ),
            models.UniqueConstraint(
                name="version_draft_one_open", fields=["code"], condition=Q(state__in=["editing", "proposed"])
            ),
        ]
        indexes: ClassVar[list[models.Index]] = [
            models.Index(name="version_draft_open", fields=["-saved_at", "id"], condition=Q(state__in=["editing", "proposed"])),
            models.Index(name="version_draft_by_code", fields=["code", "-id"]),
        ]

    def __str__(self) -> str:
        return f"{self.code} ({self.state})"


class DraftChange(models.Model):
    """Something that was done with a draft: by whom, when, and which parts of the content it changed. Rows never change."""

    class What(models.TextChoices):
        STARTED = "started", _("Started")
        SAVED = "saved", _("Changed")
        SETTLED = "settled", _("Saw to a note of the import")
        PROPOSED = "proposed", _("Proposed for publishing")
        SENT_BACK = "sent_back", _("Sent back")
        REOPENED = "reopened", _("Taken back for editing")
        PUBLISHED = "published", _("Approved and published")
        DISCARDED = "discarded", _("Discarded")

    draft = models.ForeignKey(VersionDraft, on_delete=models.PROTECT, related_name="changes")
    what = models.CharField(max_length=9, choices=What.choices)
    by = models.ForeignKey(settings.AUTH_USER_MODEL, null=True, blank=True, on_delete=models.PROTECT, related_name="+")
    at = models.DateTimeField(default=clock.now)
    keys = ArrayField(models.CharField(max_length=30), default=list, help_text="Parts of the content that changed.")
    revision = models.PositiveIntegerField(help_text="Revision of the draft afterwards.")
    text = models.TextField(blank=True, help_text="What was said with it.")

    class Meta:
        indexes: ClassVar[list[models.Index]] = [models.Index(name="draft_change_newest", fields=["draft", "-id"])]

    def __str__(self) -> str:
        return f"{self.draft_id} r{self.revision} {self.what}"


class ProcedureChange(models.Model):
    """A procedure was ended, or its ending was taken back. Rows never change."""

    class What(models.TextChoices):
        RETIRED = "retired", _("Ended by decision")
        UNRETIRED = "unretired", _("Ending taken back")

    procedure = models.ForeignKey(Procedure, on_delete=models.PROTECT, related_name="changes")
    what = models.CharField(max_length=9, choices=What.choices)
    by = models.ForeignKey(settings.AUTH_USER_MODEL, null=True, blank=True, on_delete=models.PROTECT, related_name="+")
    at = models.DateTimeField(default=clock.now)
    day = models.DateField(null=True, blank=True, help_text="The first day on which it can no longer be filed.")
    reason = models.CharField(max_length=300)
    replaced_by = models.ForeignKey(Procedure, null=True, blank=True, on_delete=models.PROTECT, related_name="+")

    class Meta:
        indexes: ClassVar[list[models.Index]] = [models.Index(name="procedure_change_newest", fields=["procedure", "-id"])]

    def __str__(self) -> str:
        return f"{self.procedure_id} {self.what}"


class Turnaround(models.Model):
    """How long recent cases of a procedure took, in working minutes without pauses; worked out by a worker every night."""

    procedure = models.OneToOneField(Procedure, on_delete=models.CASCADE, related_name="turnaround")
    cases = models.PositiveIntegerField(help_text="How many cases the figures are made from.")
    median_minutes = models.PositiveIntegerField()
    ninetieth_minutes = models.PositiveIntegerField(help_text="Nine cases in ten took no longer.")
    on_time = models.PositiveSmallIntegerField(help_text="Percent finished on or before the due day.")
    since = models.DateField()
    measured_at = models.DateTimeField()

    def __str__(self) -> str:
        return f"{self.procedure}: {self.median_minutes}"


class RouteTemplate(models.Model):
    """An internal workflow that a province decided, read from its annex; editors take steps from it."""

    digest = models.CharField(max_length=64, unique=True, help_text="Of the record it was read from.")
    name = models.CharField(max_length=400)
    province = models.CharField(max_length=60, blank=True)
    decision = models.CharField(max_length=120, blank=True, help_text="Number of the decision that has it in its annex.")
    codes = ArrayField(models.CharField(max_length=30), default=list, blank=True, help_text="Procedures it is known to be for.")
    steps = models.JSONField(default=list, help_text="As in the route of a version.")
    findings = models.JSONField(default=list, help_text="What the import left for a person: field, reason, value.")
    origin = models.JSONField(default=dict, help_text="Where an import took it from: file, record, digest.")
    imported_at = models.DateTimeField(default=clock.now)

    class Meta:
        verbose_name = _("route template")
        verbose_name_plural = _("route templates")
        ordering: ClassVar[list[str]] = ["name", "id"]

    def __str__(self) -> str:
        return self.name
