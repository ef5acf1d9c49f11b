"""The form of a trial: the agency, the circumstance, and the answers that decide which way the case goes."""

from collections.abc import Mapping, Sequence
from decimal import Decimal
from typing import Any

from django import forms
from django.utils.translation import gettext_lazy

from identity.offices.models import Office
from portal.kit.forms import DateParts, YesNo
from services.forms import places
from services.forms.definition import Field, Kind

NUMBERS = frozenset({Kind.NUMBER, Kind.MONEY, Kind.PERCENTAGE})


class TrialForm(forms.Form):
    """What may be changed of the sample; everything else is made up."""

    mark_optional = False

    agency = forms.ModelChoiceField(Office.objects.none(), label=gettext_lazy("Agency it is filed with"), empty_label=None)
    circumstance = forms.ChoiceField(label=gettext_lazy("Circumstance"))

    def __init__(
        self,
        *args: Any,
        agencies: Any,
        circumstances: Sequence[Mapping[str, Any]],
        asked: Sequence[Field],
        sample: Mapping[str, Any],
        wards: Sequence[Office],
        **kwargs: Any,
    ) -> None:
        super().__init__(*args, **kwargs)
        self.fields["agency"].queryset = agencies  # type: ignore[attr-defined]
        if circumstances:
            labels = [(str(one.get("key", "")), str(one.get("label") or one.get("key"))) for one in circumstances]
            self.fields["circumstance"].choices = labels  # type: ignore[attr-defined]
        else:
            del self.fields["circumstance"]
        self.asked = {}
        for one in asked:
            if (made := _field(one, sample.get(one.key), wards)) is not None:
                self.fields[f"a_{one.key}"] = made
                self.asked[one.key] = one

    @property
    def answers(self) -> dict[str, Any]:
        """The answers given, as the form engine keeps them."""
        given = {key: self.cleaned_data.get(f"a_{key}") for key in self.asked}
        return {key: _kept(self.asked[key], value) for key, value in given.items() if value not in (None, "", [])}

    @property
    def circumstance_chosen(self) -> str:
        """The circumstance, empty where there is none to choose."""
        return str(self.cleaned_data.get("circumstance", ""))


def _field(one: Field, sample: Any, wards: Sequence[Office]) -> forms.Field | None:
    """An input for one question; none for kinds that a condition can hardly tell apart."""
    facts: dict[str, Any] = {"label": one.label.said(), "required": False, "initial": sample}
    if one.kind == Kind.YES_NO:
        return YesNo(**facts)
    if one.kind == Kind.CHOICE:
        return forms.ChoiceField(choices=[(choice.value, choice.label.said()) for choice in one.choices], **facts)
    if one.kind == Kind.MULTIPLE_CHOICE:
        choices = [(choice.value, choice.label.said()) for choice in one.choices]
        return forms.MultipleChoiceField(choices=choices, widget=forms.CheckboxSelectMultiple, **facts)
    if one.kind in NUMBERS:
        widget = forms.NumberInput(attrs={"mc-width": "10", "mc-suffix": one.unit.said()})
        return forms.DecimalField(min_value=one.least, max_value=one.most, decimal_places=one.decimals, widget=widget, **facts)
    if one.kind == Kind.DATE:
        return DateParts(**facts)
    if one.kind == Kind.PROVINCE_WARD and wards:
        near = sample.get("ward") if isinstance(sample, Mapping) else None
        return forms.ChoiceField(choices=[(ward.ward_code, ward.name) for ward in wards], **{**facts, "initial": near})
    return None


def _kept(one: Field, value: Any) -> Any:
    if one.kind == Kind.PROVINCE_WARD:
        return {"province": places.province_of(value), "ward": value}
    if one.kind == Kind.DATE:
        return value.isoformat()
    if isinstance(value, Decimal):
        return int(value) if value == value.to_integral_value() else f"{value.normalize():f}"
    return value
