"""The tree of agencies and offices, the posts of officials in it, and days off."""

from typing import ClassVar

from django.conf import settings
from django.contrib.postgres.fields import ArrayField
from django.core.validators import RegexValidator
from django.db import models
from django.utils.translation import gettext_lazy as _

from identity.offices.powers import Power

IDENTIFIER = r"^[A-Y]\d{2}(\.[A-Z0-9]{1,6})*$"


class Office(models.Model):
    """An agency or a unit inside one. `path` is /id/id/…/ from the root, so a subtree is a prefix."""

    class Kind(models.TextChoices):
        CITY = "city", _("City")
        DEPARTMENT = "department", _("Department")
        WARD = "ward", _("Ward")
        FACILITY = "facility", _("Facility or vertical agency")
        UNIT = "unit", _("Unit inside an agency")

    parent = models.ForeignKey(
        "self", null=True, blank=True, on_delete=models.PROTECT, related_name="children", verbose_name=_("superior office")
    )
    path = models.CharField(_("path"), max_length=120, blank=True, db_index=False, editable=False)
    kind = models.CharField(_("kind"), max_length=10, choices=Kind.choices)
    function = models.SlugField(
        _("function"), max_length=40, blank=True, help_text=_("What routes call it: one-stop, leadership, economy…")
    )
    code = models.CharField(
        _("identifier code"),
        max_length=35,
        unique=True,
        validators=[RegexValidator(IDENTIFIER)],
        help_text=_("Such as H29.12 (Quyết định 20/2020/QĐ-TTg)."),
    )
    name = models.CharField(_("name"), max_length=160)
    issuing_name = models.CharField(
        _("issuing name"), max_length=160, blank=True, help_text=_("Name at the head of its documents.")
    )
    symbol = models.CharField(
        _("symbol"), max_length=20, blank=True, help_text=_("Abbreviation in document symbols, such as UBND.")
    )
    place = models.CharField(_("place"), max_length=80, blank=True, help_text=_("Place in the dateline of documents."))
    ward_code = models.CharField(_("ward code"), max_length=5, blank=True, help_text=_("Administrative code of a ward."))
    address = models.CharField(_("address"), max_length=200, blank=True)
    phone = models.CharField(_("phone"), max_length=20, blank=True)
    is_active = models.BooleanField(_("active"), default=True)
    shares_out = models.BooleanField(
        _("work is shared out"),
        default=False,
        help_text=_("New work goes to the colleague with the least; else whoever takes it."),
    )

    class Meta:
        verbose_name = _("office")
        verbose_name_plural = _("offices")
        constraints: ClassVar[list[models.BaseConstraint]] = [
            models.UniqueConstraint(
                name="office_one_function_per_parent",
                fields=["parent", "function"],
                condition=~models.Q(function="") & models.Q(kind="unit"),
            ),
        ]
        indexes: ClassVar[list[models.Index]] = [
            models.Index(name="office_subtree", fields=["path"], opclasses=["varchar_pattern_ops"]),
        ]

    def __str__(self) -> str:
        return self.name

    @property
    def is_agency(self) -> bool:
        """Whether it issues documents in its own name (not a unit inside another)."""
        return self.kind != self.Kind.UNIT


class Post(models.Model):
    """An official's place in an office, with the powers it carries there."""

    person = models.ForeignKey(
        settings.AUTH_USER_MODEL, on_delete=models.PROTECT, related_name="posts", verbose_name=_("official")
    )
    office = models.ForeignKey(Office, on_delete=models.PROTECT, related_name="posts", verbose_name=_("office"))
    title = models.CharField(_("title"), max_length=120, help_text=_("Shown under signatures, such as Chủ tịch."))
    capacity = models.CharField(
        _("capacity"), max_length=60, blank=True, help_text=_("Before the title: TM. ỦY BAN NHÂN DÂN, KT. CHỦ TỊCH…")
    )
    powers = ArrayField(
        models.CharField(max_length=20, choices=[(power.value, power.value) for power in Power]), verbose_name=_("powers")
    )
    since = models.DateField(_("since"))
    until = models.DateField(_("last day"), null=True, blank=True)

    class Meta:
        verbose_name = _("post")
        verbose_name_plural = _("posts")
        constraints: ClassVar[list[models.BaseConstraint]] = [
            models.UniqueConstraint(name="post_once_per_office", fields=["person", "office"]),
        ]

    def __str__(self) -> str:
        return f"{self.title}, {self.office}"


class Absence(models.Model):
    """Days on which an official is away; new work goes past them, and their deputy may act for them."""

    person = models.ForeignKey(
        settings.AUTH_USER_MODEL, on_delete=models.PROTECT, related_name="absences", verbose_name=_("official")
    )
    since = models.DateField(_("since"))
    until = models.DateField(_("last day"))
    deputy = models.ForeignKey(
        settings.AUTH_USER_MODEL, null=True, blank=True, on_delete=models.PROTECT, related_name="+", verbose_name=_("deputy")
    )
    reason = models.CharField(_("reason"), max_length=120, blank=True)
    noted_by = models.ForeignKey(settings.AUTH_USER_MODEL, on_delete=models.PROTECT, related_name="+", verbose_name=_("noted by"))

    class Meta:
        verbose_name = _("absence")
        verbose_name_plural = _("absences")
        constraints: ClassVar[list[models.BaseConstraint]] = [
            models.CheckConstraint(name="absence_ends_after_start", condition=models.Q(until__gte=models.F("since"))),
        ]
        indexes: ClassVar[list[models.Index]] = [models.Index(name="absence_of_person", fields=["person", "until"])]

    def __str__(self) -> str:
        return f"{self.person}: {self.since} – {self.until}"


class CalendarDay(models.Model):
    """A day off or a make-up working day, on top of weekends and the national holidays."""

    day = models.DateField(_("day"))
    office = models.ForeignKey(
        Office,
        null=True,
        blank=True,
        on_delete=models.CASCADE,
        verbose_name=_("office"),
        help_text=_("Empty: for everybody; else that office and below."),
    )
    is_working = models.BooleanField(
        _("make-up working day"), default=False, help_text=_("Ticked: a make-up working day. Empty: a day off.")
    )
    name = models.CharField(_("name"), max_length=120)
    decision = models.CharField(_("decision"), max_length=60, blank=True, help_text=_("Number of the decision."))

    class Meta:
        verbose_name = _("calendar day")
        verbose_name_plural = _("calendar days")
        constraints: ClassVar[list[models.BaseConstraint]] = [
            models.UniqueConstraint(name="calendar_day_once", fields=["day", "office"], nulls_distinct=False),
        ]

    def __str__(self) -> str:
        return f"{self.day} {self.name}"
