"""Procedures and their published versions. A published version never changes; cases stay on the version they were filed under."""

from typing import ClassVar

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

    class Meta:
        verbose_name = _("procedure")
        verbose_name_plural = _("procedures")
        indexes: ClassVar[list[models.Index]] = [GinIndex(name="procedure_search", fields=["search"])]

    def __str__(self) -> str:
        return self.code

    @property
    def files_online(self) -> bool:
        """Whether the current version can be filed on the portal."""
        return self.current is not None and self.current.files_online


class Version(models.Model):
    """One published text of a procedure. The JSON columns' shapes are in `services/catalogue/shapes.py`."""

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
