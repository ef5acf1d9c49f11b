"""Forms of the pages that move a case: back, elsewhere, to other offices, to a new date, to its end."""

import re
from collections.abc import Sequence
from datetime import date
from typing import Any

from django import forms
from django.core.exceptions import ValidationError
from django.utils.translation import gettext_lazy as _

from identity.offices.models import Office
from portal.kit.forms import DateParts
from services.cases.actions.consults import MOST_HOURS
from services.cases.models import HandOver, WorkItem
from services.cases.officials.forms import NOTE_LENGTH
from services.cases.officials.wording import Wording
from services.cases.routing import Step

OPINIONS = (WorkItem.Result.AGREED, WorkItem.Result.CONDITIONS, WorkItem.Result.DISAGREED)
USUAL_HOURS = 40


class CourseForm(forms.Form):
    """What every such page asks: words, mostly the reason. `words` say what they are for."""

    use_required_attribute = False

    note = forms.CharField(max_length=NOTE_LENGTH, widget=forms.Textarea(attrs={"mc-rows": 5, "mc-count": False}))
    note_required = True

    def __init__(self, data: Any = None, *, words: Wording, **known: Any) -> None:
        super().__init__(data, **known)
        note = self.fields["note"]
        note.label, note.help_text, note.required = str(words.note), str(words.note_help), self.note_required
        note.error_messages["required"] = str(words.note_missing)

    def offer(self, name: str, choices: Sequence[tuple[str, Any]]) -> None:
        """What can be chosen in a field."""
        field = self.fields[name]
        assert isinstance(field, forms.ChoiceField | forms.MultipleChoiceField)
        field.choices = choices


class StepForm(CourseForm):
    """To which step a case goes back."""

    step = forms.ChoiceField(
        label=_("Which step is done again"), widget=forms.RadioSelect, error_messages={"required": _("Choose the step")}
    )
    field_order = ("step", "note")

    def __init__(self, data: Any = None, *, words: Wording, steps: Sequence[Step]) -> None:
        super().__init__(data, words=words)
        self.offer("step", [(step.key, step.title) for step in steps])
        if len(steps) == 1:
            self.fields["step"].initial = steps[0].key


class ConsultForm(CourseForm):
    """Which offices are asked what, and until when."""

    text = forms.CharField(
        label=_("Find an office by its name"),
        required=False,
        max_length=80,
        widget=forms.SearchInput(attrs={"autocomplete": "off"}),
    )
    offices = forms.MultipleChoiceField(
        label=_("Offices to ask"),
        widget=forms.CheckboxSelectMultiple(attrs={"mc-small": True}),
        error_messages={"required": _("Choose at least one office")},
    )
    hours = forms.IntegerField(
        label=_("To be answered within"),
        help_text=_("In working hours: 8 are a working day."),
        min_value=1,
        max_value=MOST_HOURS,
        initial=USUAL_HOURS,
        widget=forms.TextInput(attrs={"mc-width": "5", "mc-suffix": _("hours"), "inputmode": "numeric"}),
    )
    silence = forms.BooleanField(
        label=_("No answer in time counts as agreement"),
        help_text=_("Only where a rule of law says so; name it in the question."),
        required=False,
    )
    field_order = ("text", "offices", "note", "hours", "silence")
    mark_optional = False

    def __init__(self, data: Any = None, *, words: Wording, offices: Sequence[Office], initial: Any = None) -> None:
        super().__init__(data, words=words, initial=initial)
        self.fields["note"].error_messages["required"] = _("Write what the offices are asked")
        self.offer("offices", [(str(office.pk), _named(office)) for office in offices])


def _named(office: Office) -> str:
    return f"{office.name} ({office.parent.name})" if office.parent and not office.is_agency else office.name


class OpinionForm(CourseForm):
    """What an office answers."""

    result = forms.ChoiceField(
        label=_("What does your office answer?"),
        choices=[(one.value, one.label) for one in OPINIONS],
        widget=forms.RadioSelect,
        error_messages={"required": _("Choose what your office answers")},
    )
    field_order = ("result", "note")
    note_required = False


class PaymentForm(CourseForm):
    """How much the applicant is to pay, and for what."""

    amount = forms.CharField(
        label=_("Amount to pay"),
        max_length=20,
        widget=forms.TextInput(attrs={"mc-width": "10", "mc-suffix": "đồng", "inputmode": "numeric", "autocomplete": "off"}),
        error_messages={"required": _("Enter the amount")},
    )
    field_order = ("amount", "note")

    def clean_amount(self) -> int:
        """Whole đồng; thousands may be set apart with points or spaces."""
        digits = re.sub(r"[.\s\u00a0]", "", self.cleaned_data["amount"])
        if not (digits.isascii() and digits.isdigit()):
            raise ValidationError(_("Enter the amount in whole đồng, such as 75.000"))
        return int(digits)


class ReceiptForm(forms.Form):
    """That the applicant has paid."""

    receipt = forms.CharField(
        label=_("Number of the receipt or transaction"),
        help_text=_("The applicant can read it."),
        max_length=100,
        widget=forms.TextInput(attrs={"mc-width": "20", "autocomplete": "off"}),
        error_messages={"required": _("Enter the number of the receipt or transaction")},
    )


class HandOverForm(CourseForm):
    """To whom the outcome is given, and how."""

    means = forms.ChoiceField(
        label=_("How is it handed over?"),
        choices=HandOver.Means.choices,
        widget=forms.RadioSelect,
        initial=HandOver.Means.COUNTER,
        error_messages={"required": _("Choose how the outcome is handed over")},
    )
    recipient = forms.CharField(
        label=_("Who receives it?"),
        max_length=120,
        widget=forms.TextInput(attrs={"autocomplete": "off"}),
        error_messages={"required": _("Enter who receives it")},
    )
    relation = forms.CharField(
        label=_("Relation to the applicant"),
        help_text=_("Where somebody else receives it, such as: authorised person, wife."),
        max_length=120,
        required=False,
        widget=forms.TextInput(attrs={"autocomplete": "off"}),
    )
    tracking = forms.CharField(
        label=_("Number of the consignment"),
        help_text=_("Where it goes by post."),
        max_length=60,
        required=False,
        widget=forms.TextInput(attrs={"mc-width": "20", "autocomplete": "off"}),
    )
    field_order = ("means", "recipient", "relation", "tracking", "note")
    note_required = False

    def clean(self) -> dict[str, Any]:
        """A consignment has a number."""
        cleaned = super().clean() or {}
        if cleaned.get("means") == HandOver.Means.POST and not cleaned.get("tracking"):
            self.add_error("tracking", _("Enter the number of the consignment"))
        return cleaned


class ExtensionForm(CourseForm):
    """To which day the answer is put off."""

    due = DateParts(label=_("New date"), help_text=_("The answer is ready by closing time of that day."))
    field_order = ("due", "note")

    def __init__(self, data: Any = None, *, words: Wording, day: date, reason: str) -> None:
        super().__init__(data, words=words, initial={"due": day, "note": reason})


class PasswordForm(forms.Form):
    """The password once more, before a signature."""

    password = forms.CharField(
        label=_("Your password"),
        help_text=_("Asked once more, because this is your signature under the document."),
        widget=forms.PasswordInput(attrs={"autocomplete": "current-password", "mc-width": "20"}),
        error_messages={"required": _("Enter your password to confirm")},
    )


class TransferForm(CourseForm):
    """To which agency a case is passed on."""

    agency = forms.ChoiceField(label=_("The competent agency"), error_messages={"required": _("Choose the agency")})
    field_order = ("agency", "note")

    def __init__(self, data: Any = None, *, words: Wording, agencies: Sequence[Office]) -> None:
        super().__init__(data, words=words)
        self.offer("agency", [("", _("Choose")), *((str(agency.pk), agency.name) for agency in agencies)])
        if len(agencies) > 20:
            self.fields["agency"].widget.attrs["mc-autocomplete"] = True
