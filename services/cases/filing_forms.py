"""Forms of the resident's pages that are not built from a procedure's own definition."""

import re
from collections.abc import Sequence
from typing import Any

from django import forms
from django.utils.translation import gettext_lazy as _

from identity.offices.models import Office
from portal.kit.folding import fold
from services.catalogue.models import Version

AGENCIES_AS_RADIOS = 8
"""With more agencies a list is shorter than radios."""
NOTE_LENGTH = 4000


WARD = re.compile(r"(?:phuong|xa|dac khu) .+")


def home_agency(agencies: Sequence[Office], address: str) -> Office | None:
    """The agency whose ward stands in the person's address, if exactly one does."""
    folded = fold(address)
    wards = [(agency, WARD.search(fold(agency.name))) for agency in agencies]
    named = [agency for agency, ward in wards if ward and re.search(rf"(?<!\w){re.escape(ward[0])}(?!\w)", folded)]
    return named[0] if len(named) == 1 else None


class StartForm(forms.Form):
    """Which circumstance applies, and which agency decides. What leaves no choice is not asked."""

    circumstance = forms.ChoiceField(
        label=_("Which of these applies?"),
        widget=forms.RadioSelect,
        error_messages={
            "required": _("Choose the circumstance that applies"),
            "invalid_choice": _("Choose one of the circumstances listed"),
        },
    )
    agency = forms.ChoiceField(
        label=_("Which agency should decide?"),
        error_messages={
            "required": _("Choose the agency that should decide"),
            "invalid_choice": _("Choose one of the agencies listed"),
        },
    )

    def __init__(
        self,
        data: Any = None,
        *,
        version: Version,
        agencies: Sequence[Office],
        address: str = "",
        chosen: tuple[str, int] | None = None,
    ) -> None:
        super().__init__(data)
        self._agencies = {str(agency.pk): agency for agency in agencies}
        circumstances = version.circumstances
        if len(circumstances) > 1:
            field = self.fields["circumstance"]
            assert isinstance(field, forms.ChoiceField)
            field.choices = [(one["key"], one["label"]) for one in circumstances]
            field.widget.attrs["mc-choice-help"] = {one["key"]: one.get("help") or "" for one in circumstances}
            field.widget.attrs["mc-label"] = "m"
        else:
            del self.fields["circumstance"]
        self._only_circumstance = circumstances[0]["key"] if len(circumstances) == 1 else ""
        if len(agencies) > 1:
            self._offer(agencies, as_ward=version.level == Version.Level.WARD)
        else:
            del self.fields["agency"]
        if chosen is not None:
            self.initial = {"circumstance": chosen[0], "agency": str(chosen[1])}
        elif home := home_agency(agencies, address):
            self.initial = {"agency": str(home.pk)}
            self.home = home

    home: Office | None = None

    def _offer(self, agencies: Sequence[Office], *, as_ward: bool) -> None:
        field = self.fields["agency"]
        assert isinstance(field, forms.ChoiceField)
        choices: list[tuple[str, Any]] = [(str(agency.pk), agency.name) for agency in agencies]
        if as_ward:
            field.label = _("Which ward should decide?")
            field.help_text = _("Usually the ward of residence, or the one where the land or the business is.")
        if len(agencies) <= AGENCIES_AS_RADIOS:
            field.widget = forms.RadioSelect()
            field.widget.attrs["mc-choice-help"] = {str(agency.pk): agency.address for agency in agencies}
        else:
            field.widget = forms.Select(attrs={"mc-autocomplete": True})
            choices = [("", _("Choose")), *choices]
        field.widget.attrs["mc-label"] = "m"
        field.choices = choices

    @property
    def circumstance_chosen(self) -> str:
        """Key of the circumstance; empty where the procedure has none. After is_valid()."""
        return str(self.cleaned_data.get("circumstance", self._only_circumstance))

    @property
    def agency_chosen(self) -> Office:
        """The agency. After is_valid()."""
        if "agency" in self.fields:
            return self._agencies[self.cleaned_data["agency"]]
        return next(iter(self._agencies.values()))


class DeclarationForm(forms.Form):
    """What a person stands for when filing."""

    declaration = forms.BooleanField(
        label=_("What is stated in this application is true, and I answer for it before the law."),
        error_messages={"required": _("Tick the box to declare that what is stated is true")},
    )


class WithdrawalForm(forms.Form):
    """Why a person wants an application back."""

    reason = forms.CharField(
        label=_("Why is the application withdrawn?"),
        help_text=_("One or two sentences are enough. The office reads them."),
        max_length=NOTE_LENGTH,
        widget=forms.Textarea(attrs={"mc-rows": 4}),
        error_messages={"required": _("Write why the application is withdrawn")},
    )


class LookupForm(forms.Form):
    """What one must know to see how a case stands without signing in."""

    number = forms.CharField(
        label=_("Case number"),
        help_text=_("On the receipt and in every message about the case, for example H29.141-261121-0001."),
        max_length=80,
        widget=forms.TextInput(
            attrs={"mc-width": "30", "autocomplete": "off", "autocapitalize": "characters", "spellcheck": "false"}
        ),
        error_messages={"required": _("Enter the case number")},
    )
    digits = forms.CharField(
        label=_("Last four digits of the applicant's personal number"),
        help_text=_("The personal number has 12 digits and stands on the identity card."),
        max_length=20,
        widget=forms.TextInput(attrs={"mc-width": "4", "autocomplete": "off", "inputmode": "numeric"}),
        error_messages={"required": _("Enter the last four digits of the personal number")},
    )

    def clean_digits(self) -> str:
        """Four digits; other shapes are told at once, because that gives nothing away."""
        digits = self.cleaned_data["digits"].replace(" ", "")
        if not re.fullmatch(r"[0-9]{4}", digits):
            raise forms.ValidationError(_("Enter exactly four digits, such as 0123"))
        return digits
