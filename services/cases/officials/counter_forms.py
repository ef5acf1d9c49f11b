"""Forms of the counter: who is present, what is applied for, what was handed in, the code of a phone."""

from collections.abc import Sequence
from typing import Any

from django import forms
from django.core.exceptions import ValidationError
from django.utils.translation import gettext_lazy as _

from identity.offices.models import Office
from identity.people import contacts, national_id
from identity.people.fields import PersonalNumberField
from portal.kit import clock
from portal.kit.forms import DateParts
from services.cases.filing_forms import StartForm
from services.cases.filing_papers import PaperBlock
from services.cases.handoff import MOST_SHEETS, HandedIn
from services.cases.models import Case
from services.catalogue.models import Version

CHANNELS = (Case.Channel.COUNTER, Case.Channel.POST)


class PhoneField(forms.CharField):
    """A mobile phone number; its value is the stored form."""

    default_error_messages = {"phone": _("Enter a mobile phone number of ten digits, such as 0901 234 567.")}

    def clean(self, value: Any) -> Any:
        typed = super().clean(value)
        if not typed:
            return ""
        try:
            normal = contacts.normal(typed)
        except contacts.InvalidContact:
            raise ValidationError(self.error_messages["phone"], code="phone") from None
        if contacts.is_email(normal):
            raise ValidationError(self.error_messages["phone"], code="phone")
        return normal


class PresentForm(forms.Form):
    """Who stands at the counter: number and date of birth find an account, the rest makes one."""

    use_required_attribute = False

    personal_number = PersonalNumberField(help_text=_("The 12 digits on the identity card. A card reader can type them."))
    birth_date = DateParts(label=_("Date of birth"), help_text=_("As on the card, for example 27 3 1990."))
    full_name = forms.CharField(
        label=_("Full name"),
        help_text=_("As on the card. Needed for somebody who has no account yet."),
        max_length=120,
        required=False,
        widget=forms.TextInput(attrs={"autocomplete": "off", "mc-count": False}),
    )
    phone = PhoneField(
        label=_("Mobile phone number"),
        help_text=_("For messages about the case. With it the person can claim the account later."),
        max_length=20,
        required=False,
        widget=forms.TextInput(attrs={"inputmode": "tel", "autocomplete": "off", "mc-width": "20", "mc-count": False}),
    )
    checked = forms.BooleanField(
        label=_("I have compared number, name and date of birth with the identity card."), required=False
    )

    def clean_birth_date(self) -> Any:
        """Not in the future."""
        born = self.cleaned_data["birth_date"]
        if born > clock.today():
            raise ValidationError(_("The date of birth cannot be in the future."))
        return born

    def clean(self) -> dict[str, Any]:
        """The number says the year of birth."""
        data = super().clean() or self.cleaned_data
        number, born = data.get("personal_number"), data.get("birth_date")
        if number and "birth_year" in national_id.agrees(number, "", born):
            self.add_error(
                "birth_date", _("The year of birth does not agree with the personal number. Compare both with the card.")
            )
        return data


def _office_field(counters: Sequence[Office]) -> forms.ChoiceField:
    return forms.ChoiceField(
        label=_("Your counter"),
        choices=[(str(office.pk), office.name) for office in counters],
        widget=forms.RadioSelect,
        error_messages={"required": _("Choose your counter")},
    )


class CounterStartForm(StartForm):
    """Circumstance and agency, how it came in, and at which counter."""

    channel = forms.TypedChoiceField(
        label=_("How was it handed in?"),
        choices=[(channel.value, channel.label) for channel in CHANNELS],
        coerce=int,
        initial=Case.Channel.COUNTER.value,
        widget=forms.RadioSelect(attrs={"mc-inline": True}),
    )

    def __init__(
        self, data: Any = None, *, version: Version, agencies: Sequence[Office], address: str, counters: Sequence[Office]
    ) -> None:
        super().__init__(data, version=version, agencies=agencies, address=address)
        self._counters = {str(office.pk): office for office in counters}
        if len(counters) > 1:
            self.fields["counter"] = _office_field(counters)
        own = {office.pk for counter in counters for office in (counter, counter.parent) if office}
        if "agency" in self.fields and (here := [agency for agency in agencies if agency.pk in own]):
            self.initial["agency"] = str(here[0].pk)

    @property
    def counter_chosen(self) -> Office:
        """The counter. After is_valid()."""
        return self._counters[self.cleaned_data["counter"]] if "counter" in self.fields else next(iter(self._counters.values()))


class CodeForm(forms.Form):
    """The code on the applicant's phone, typed or scanned, and at which counter."""

    use_required_attribute = False

    code = forms.CharField(
        label=_("Code on the applicant's phone"),
        help_text=_("Six letters and digits. A scanner types the whole QR code into this field."),
        max_length=500,
        widget=forms.TextInput(
            attrs={
                "autocomplete": "off",
                "autocapitalize": "characters",
                "spellcheck": "false",
                "mc-width": "20",
                "mc-count": False,
                "mc-label": "m",
            }
        ),
        error_messages={"required": _("Enter or scan the code")},
    )

    def __init__(self, data: Any = None, *, counters: Sequence[Office], **known: Any) -> None:
        super().__init__(data, **known)
        self._counters = {str(office.pk): office for office in counters}
        if len(counters) > 1:
            self.fields["counter"] = _office_field(counters)

    @property
    def counter_chosen(self) -> Office:
        """The counter. After is_valid()."""
        return self._counters[self.cleaned_data["counter"]] if "counter" in self.fields else next(iter(self._counters.values()))


class FilingForm(forms.Form):
    """What was handed in on paper, and that the applicant declared it true."""

    use_required_attribute = False

    signed = forms.BooleanField(
        label=_("The applicant has read the application here and declared that what is stated is true."),
        error_messages={"required": _("Have the applicant read and declare, then tick the box")},
    )

    def __init__(
        self, data: Any = None, *, papers: Sequence[PaperBlock], expected: dict[str, HandedIn], by_post: bool = False
    ) -> None:
        super().__init__(data)
        if by_post:
            signed = self.fields["signed"]
            signed.label = _("What came by post bears the applicant's signature, and is entered here as it stands there.")
            signed.error_messages["required"] = _("Compare with what came by post, then tick the box")
        self.papers = [paper for paper in papers if paper.files]
        for paper in self.papers:
            usual = expected.get(paper.key, HandedIn(0, 1))
            for name, number, label in (
                ("originals", usual.originals, _("Originals")),
                ("copies", usual.copies, _("Copies")),
            ):
                self.fields[f"{name}:{paper.key}"] = forms.IntegerField(
                    label=label,
                    min_value=0,
                    max_value=MOST_SHEETS,
                    initial=number,
                    error_messages={"required": _("Enter a number, 0 for none")},
                    widget=forms.TextInput(attrs={"inputmode": "numeric", "mc-width": "3", "mc-count": False}),
                )
        self.order_fields([name for name in self.fields if name != "signed"] + ["signed"])

    @property
    def rows(self) -> list[dict[str, Any]]:
        """Each paper with its two fields."""
        return [
            {"name": paper.name, "originals": self[f"originals:{paper.key}"], "copies": self[f"copies:{paper.key}"]}
            for paper in self.papers
        ]

    @property
    def handed_in(self) -> dict[str, HandedIn]:
        """What was counted. After is_valid()."""
        data = self.cleaned_data
        return {paper.key: HandedIn(data[f"originals:{paper.key}"], data[f"copies:{paper.key}"]) for paper in self.papers}
