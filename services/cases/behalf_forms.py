"""Forms of filing for others: for whom, under which mandate, and mandates that are granted."""

from collections.abc import Sequence
from typing import Any

from django import forms
from django.core.exceptions import ValidationError
from django.utils.translation import gettext_lazy as _

from identity.people import actions as people
from identity.people.fields import PasswordField, PersonalNumberField
from identity.people.models import Mandate, Person
from portal.kit.forms import DateParts
from services.cases.behalf import Behalf, Principal
from services.cases.filing_forms import StartForm
from services.cases.models import Case
from services.cases.queries import Held

SCOPE_ALL, SCOPE_SOME = "all", "some"
CODES_LENGTH = 2000


class BeginForm(StartForm):
    """What is chosen at the start of an application: for whom, then what StartForm asks. Without a choice it is for oneself."""

    mark_optional = False

    behalf = forms.ChoiceField(
        label=_("For whom do you file?"),
        choices=Case.Behalf.choices,
        initial=Behalf.SELF,
        required=False,
        widget=forms.RadioSelect(
            attrs={
                "mc-label": "m",
                "mc-choice-help": {
                    Behalf.BUSINESS: _("As its legal representative, or authorised by it."),
                    Behalf.PERSON: _("With a mandate, or as a parent or guardian."),
                },
            }
        ),
    )
    field_order = ("behalf", "circumstance", "agency")

    @property
    def behalf_chosen(self) -> Behalf:
        """For whom. After is_valid()."""
        return Behalf(self.cleaned_data.get("behalf") or Behalf.SELF)


class HeldForm(forms.Form):
    """One of the mandates the person holds."""

    mandate = forms.TypedChoiceField(
        label=_("Choose whom you file for"),
        coerce=int,
        widget=forms.RadioSelect,
        error_messages={
            "required": _("Choose for whom you file, or state another one"),
            "invalid_choice": _("Choose one of those listed"),
        },
    )

    def __init__(self, data: Any = None, *, held: Sequence[Held], chosen: int | None = None, **kwargs: Any) -> None:
        super().__init__(data, initial={"mandate": chosen if len(held) > 1 else held[0].pk}, **kwargs)
        field = self.fields["mandate"]
        assert isinstance(field, forms.ChoiceField)
        field.choices = [(one.pk, f"{one.principal.name} ({one.principal.number})") for one in held]
        field.widget.attrs["mc-choice-help"] = {
            str(one.pk): _("Granted here by this person; no further proof is needed.")
            if one.granted
            else Mandate.Basis(one.principal.basis).label
            for one in held
        }


class PrincipalForm(forms.Form):
    """Another person, as the one who files states them."""

    behalf = Behalf.PERSON

    name = forms.CharField(
        label=_("Full name"),
        help_text=_("As on the identity card."),
        max_length=200,
        error_messages={"required": _("Enter the full name of the person")},
        widget=forms.TextInput(attrs={"autocomplete": "off", "mc-count": False}),
    )
    number: forms.CharField = PersonalNumberField(help_text=_("The 12 digits on the identity card or in VNeID."))
    basis = forms.ChoiceField(
        label=_("By which right do you file?"),
        choices=[
            (Mandate.Basis.AUTHORISED, Mandate.Basis.AUTHORISED.label),
            (Mandate.Basis.GUARDIAN, Mandate.Basis.GUARDIAN.label),
        ],
        widget=forms.RadioSelect,
        error_messages={"required": _("Choose by which right you file")},
    )

    def principal(self) -> Principal:
        """Whom was stated. After is_valid()."""
        data = self.cleaned_data
        return Principal(self.behalf, data["name"], data["number"], data["basis"])


class BusinessForm(PrincipalForm):
    """A business or an organisation."""

    behalf = Behalf.BUSINESS

    name = forms.CharField(
        label=_("Name of the business or organisation"),
        help_text=_("As on the registration certificate or the founding decision."),
        max_length=200,
        error_messages={"required": _("Enter the name of the business or organisation")},
        widget=forms.TextInput(attrs={"autocomplete": "off", "mc-count": False}),
    )
    number = forms.CharField(
        label=_("Tax code"),
        help_text=_("10 digits; 13 for a branch; of a household business the 12 digits of its owner's personal number."),
        max_length=20,
        error_messages={"required": _("Enter the tax code")},
        widget=forms.TextInput(
            attrs={"inputmode": "numeric", "autocomplete": "off", "spellcheck": "false", "mc-width": 20, "mc-count": False}
        ),
    )
    basis = forms.ChoiceField(
        label=_("By which right do you file?"),
        choices=[
            (Mandate.Basis.LEGAL_REPRESENTATIVE, Mandate.Basis.LEGAL_REPRESENTATIVE.label),
            (Mandate.Basis.AUTHORISED, Mandate.Basis.AUTHORISED.label),
        ],
        widget=forms.RadioSelect,
        error_messages={"required": _("Choose by which right you file")},
    )


class GrantForm(forms.Form):
    """Whom one lets file in one's name, for what and until when."""

    agent_number = PersonalNumberField(
        label=_("Personal number of the person who may file for you"),
        help_text=_("They need an account here. The number and the name must both be theirs."),
    )
    agent_name = forms.CharField(
        label=_("Full name of that person"),
        max_length=120,
        error_messages={"required": _("Enter the full name of the person")},
        widget=forms.TextInput(attrs={"autocomplete": "off", "mc-count": False}),
    )
    scope = forms.ChoiceField(
        label=_("For which procedures?"),
        choices=[(SCOPE_ALL, _("All procedures")), (SCOPE_SOME, _("Only some"))],
        widget=forms.RadioSelect,
        error_messages={"required": _("Choose for which procedures")},
    )
    codes = forms.CharField(
        label=_("Codes of these procedures"),
        help_text=_(
            "Only if you chose “Only some”. The code stands on the page of the procedure, such as 1.001193; one per line."
        ),
        required=False,
        max_length=CODES_LENGTH,
        widget=forms.Textarea(attrs={"mc-rows": 3, "mc-count": False}),
    )
    ends_on = DateParts(
        label=_("Until which day?"),
        help_text=_("The last day, five years from now at most. For example 31 12 2027."),
        error_messages={"required": _("Enter until which day the person may file for you")},
    )
    password = PasswordField(
        autocomplete="current-password",
        label=_("Your password"),
        help_text=_("So that nobody else can grant anything in your name."),
        error_messages={"required": _("Enter your password.")},
    )

    def __init__(self, data: Any = None, *, person: Person) -> None:
        super().__init__(data)
        self._person = person

    def clean_password(self) -> str:
        """The person's own password; five wrong ones lock the question for a while."""
        password: str = self.cleaned_data["password"]
        if not people.confirm_password(self._person, password):
            raise ValidationError(_("This is not the password of the account."))
        return password

    def clean(self) -> dict[str, Any]:
        """With “only some”, at least one code."""
        data = super().clean() or self.cleaned_data
        if data.get("scope") == SCOPE_SOME and "codes" in data and not self.codes_given():
            self.add_error("codes", _("Enter at least one code"))
        return data

    def codes_given(self) -> list[str]:
        """The codes that were written; none when it is for all procedures."""
        if self.cleaned_data.get("scope") != SCOPE_SOME:
            return []
        return self.cleaned_data.get("codes", "").replace(",", " ").replace(";", " ").split()
