"""The form that picks an office and a period."""

from collections.abc import Sequence
from datetime import date
from typing import Any

from django import forms
from django.utils.translation import gettext_lazy as _

from identity.offices.models import Office

ISO = "%Y-%m-%d"


def _day(label: Any) -> forms.DateField:
    return forms.DateField(
        label=label,
        input_formats=[ISO],
        widget=forms.DateInput(format=ISO, attrs={"type": "date", "mc-width": "10"}),
        error_messages={"required": _("Enter a day."), "invalid": _("Enter a day.")},
    )


class PeriodForm(forms.Form):
    """Whose register, from which day to which."""

    don_vi = forms.ChoiceField(label=_("Office"), error_messages={"invalid_choice": _("Choose one of those listed")})
    tu = _day(_("From day"))
    den = _day(_("Up to and including day"))

    def __init__(self, data: Any, offices: Sequence[Office], since: date, until: date) -> None:
        chosen = {"don_vi": offices[0].code, "tu": since.isoformat(), "den": until.isoformat()}
        super().__init__({name: data.get(name) or value for name, value in chosen.items()})
        field = self.fields["don_vi"]
        assert isinstance(field, forms.ChoiceField)
        field.choices = [(office.code, _named(office)) for office in offices]

    def clean(self) -> dict[str, Any]:
        cleaned: dict[str, Any] = super().clean() or {}
        if cleaned.get("tu") and cleaned.get("den") and cleaned["tu"] > cleaned["den"]:
            self.add_error("den", _("The last day is before the first one."))
        return cleaned


def _named(office: Office) -> str:
    """A unit with its agency: many agencies have units of one name."""
    return office.name if office.is_agency or office.parent is None else f"{office.name} – {office.parent.name}"
