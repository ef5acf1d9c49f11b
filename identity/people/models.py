"""Who a person is: residents and officials sign in with the same account model."""

from typing import ClassVar

from django.contrib.auth.models import AbstractBaseUser, BaseUserManager, PermissionsMixin
from django.db import models
from django.db.models import Q
from django.utils.translation import gettext_lazy as _

from identity.people import mandates
from portal.kit import clock


class PersonManager(BaseUserManager["Person"]):
    """Finds and makes accounts."""

    def create_user(self, password: str | None = None, **fields: object) -> "Person":
        person = self.model(**fields)
        person.set_password(password)
        person.save(using=self._db)
        return person

    def create_superuser(self, password: str | None = None, **fields: object) -> "Person":
        return self.create_user(password, kind=Person.Kind.OFFICIAL, is_staff=True, is_superuser=True, **fields)

    def get_by_natural_key(self, username: str | None) -> "Person":
        return self.get(username=username)


class Person(AbstractBaseUser, PermissionsMixin):
    """An account. Residents have a phone or an e-mail; officials have a work account name."""

    class Kind(models.TextChoices):
        RESIDENT = "resident", _("Resident")
        OFFICIAL = "official", _("Official")

    class Sex(models.TextChoices):
        MALE = "male", _("Male")
        FEMALE = "female", _("Female")

    username = models.CharField(_("work account"), max_length=60, unique=True, null=True, blank=True)
    email = models.EmailField(_("e-mail address"), unique=True, null=True, blank=True)
    phone = models.CharField(
        _("mobile phone"), max_length=16, unique=True, null=True, blank=True, help_text=_("Such as +84901234567.")
    )
    email_verified = models.BooleanField(_("e-mail address confirmed"), default=False)
    phone_verified = models.BooleanField(_("mobile phone confirmed"), default=False)
    full_name = models.CharField(_("full name"), max_length=120)
    personal_number = models.CharField(_("personal number"), max_length=12, unique=True, null=True, blank=True)
    birth_date = models.DateField(_("date of birth"), null=True, blank=True)
    sex = models.CharField(_("sex"), max_length=6, choices=Sex.choices, blank=True)
    address = models.CharField(_("address"), max_length=255, blank=True)
    identity_checked_on = models.DateField(
        _("identity checked on"),
        null=True,
        blank=True,
        help_text=_("The day an official compared name, personal number and date of birth with the identity card."),
    )
    kind = models.CharField(_("kind"), max_length=8, choices=Kind.choices, default=Kind.RESIDENT)
    language = models.CharField(_("language"), max_length=2, default="vi")
    is_active = models.BooleanField(_("may sign in"), default=True)
    is_staff = models.BooleanField(_("may open the administration site"), default=False)
    date_joined = models.DateTimeField(_("created at"), default=clock.now)

    objects: ClassVar[PersonManager] = PersonManager()  # type: ignore[misc]

    USERNAME_FIELD = "username"
    EMAIL_FIELD = "email"
    REQUIRED_FIELDS: ClassVar[list[str]] = ["full_name"]

    class Meta:
        verbose_name = _("person")
        verbose_name_plural = _("people")
        indexes: ClassVar[list[models.Index]] = [
            # Officials are few among millions of residents.
            models.Index(name="person_officials", fields=["full_name"], condition=Q(kind="official")),
        ]
        constraints: ClassVar[list[models.BaseConstraint]] = [
            models.CheckConstraint(
                name="person_personal_number_12_digits",
                condition=Q(personal_number__isnull=True) | Q(personal_number__regex=r"^\d{12}$"),
            ),
            models.CheckConstraint(
                name="person_has_a_way_in",
                condition=Q(username__isnull=False)
                | Q(email__isnull=False)
                | Q(phone__isnull=False)
                | Q(personal_number__isnull=False),
            ),
        ]

    def __str__(self) -> str:
        return self.full_name

    def get_full_name(self) -> str:
        return self.full_name

    def get_short_name(self) -> str:
        return self.full_name.rsplit(" ", 1)[-1]

    @property
    def is_official(self) -> bool:
        """Whether this is a work account."""
        return self.kind == self.Kind.OFFICIAL


class Business(models.Model):
    """A business or organisation under its tax code."""

    tax_code = models.CharField(_("tax code"), max_length=14, unique=True)
    name = models.CharField(_("name"), max_length=300)
    address = models.CharField(_("address"), max_length=255, blank=True)
    created_at = models.DateTimeField(default=clock.now)

    class Meta:
        verbose_name = _("business")
        verbose_name_plural = _("businesses")

    def __str__(self) -> str:
        return self.name


class Mandate(models.Model):
    """The right of one person to file for a business or for another person (Điều 138 Bộ luật Dân sự 2015)."""

    class Basis(models.TextChoices):
        LEGAL_REPRESENTATIVE = "legal_representative", _("Legal representative")
        AUTHORISED = "authorised", _("Authorised in writing")
        GUARDIAN = "guardian", _("Parent or guardian")

    class State(models.TextChoices):
        DECLARED = "declared", _("Declared by the agent; proof goes with each application")
        GRANTED = "granted", _("Granted here by the person represented")
        REVOKED = "revoked", _("Revoked")

    agent = models.ForeignKey(Person, on_delete=models.PROTECT, related_name="mandates")
    business = models.ForeignKey(Business, null=True, blank=True, on_delete=models.PROTECT, related_name="mandates")
    grantor = models.ForeignKey(Person, null=True, blank=True, on_delete=models.PROTECT, related_name="granted_mandates")
    principal_name = models.CharField(max_length=200, blank=True, help_text="Of a person without an account here.")
    principal_number = models.CharField(max_length=12, blank=True, help_text="Personal number of that person.")
    basis = models.CharField(max_length=20, choices=Basis.choices)
    state = models.CharField(max_length=8, choices=State.choices, default=State.DECLARED)
    procedures = models.JSONField(default=list, help_text="Codes of procedures it covers; none: all.")
    starts_on = models.DateField(default=clock.today)
    ends_on = models.DateField(null=True, blank=True, help_text="The last day.")
    created_at = models.DateTimeField(default=clock.now)
    revoked_at = models.DateTimeField(null=True, blank=True)

    class Meta:
        verbose_name = _("mandate")
        verbose_name_plural = _("mandates")
        constraints: ClassVar[list[models.BaseConstraint]] = [
            models.CheckConstraint(
                name="mandate_has_one_principal",
                condition=Q(business__isnull=False, grantor__isnull=True, principal_name="")
                | Q(business__isnull=True, grantor__isnull=False, principal_name="")
                | (Q(business__isnull=True, grantor__isnull=True) & ~Q(principal_name="")),
            ),
            models.CheckConstraint(
                name="mandate_ends_after_start", condition=Q(ends_on__isnull=True) | Q(ends_on__gte=models.F("starts_on"))
            ),
        ]

    def __str__(self) -> str:
        return f"{self.agent_id} {self.basis}"

    @property
    def is_granted(self) -> bool:
        """Whether it was given here by the person represented, even if it was taken back since."""
        return self.grantor_id is not None

    @property
    def terms(self) -> mandates.Terms:
        """What it says, for the rule."""
        return mandates.Terms(self.state == self.State.REVOKED, self.starts_on, self.ends_on, self.procedures)
