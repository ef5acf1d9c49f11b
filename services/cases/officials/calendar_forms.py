"""The form of a day off or a make-up day."""

from typing import Any

from django import forms
from django.utils.translation import gettext_lazy as _

from portal.kit.forms import DateParts

OFF, WORKED = "off", "worked"


class WorkingDayForm(forms.Form):
    """Which day, what it is, what for, and by which decision."""

    day = DateParts(label=_("Day"))
    kind = forms.ChoiceField(
        label=_("On this day offices are"),
        choices=[(OFF, _("closed: a day off")), (WORKED, _("open: a make-up working day, in full"))],
        widget=forms.RadioSelect,
    )
    name = forms.CharField(
        label=_("What the day is for"),
        help_text=_("Applicants read it where a date is explained."),
        max_length=120,
        error_messages={"required": _("Say what the day is for.")},
        widget=forms.TextInput(attrs={"autocomplete": "off"}),
    )
    decision = forms.CharField(
        label=_("Number of the decision"),
        max_length=60,
        error_messages={"required": _("Enter the number of the decision.")},
        widget=forms.TextInput(attrs={"autocomplete": "off", "mc-width": 20}),
    )

    def said(self) -> dict[str, Any]:
        """What the action wants to know."""
        data = self.cleaned_data
        return {
            "day": data["day"],
            "is_working": data["kind"] == WORKED,
            "name": data["name"],
            "decision": data["decision"],
        }
