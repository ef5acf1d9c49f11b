"""What an office notes down in a step, as an editor writes it: a list of simple questions in the settings of the step.

A question that says more than the list shows (an explanation, bounds, a condition) keeps it; only what the list shows is changed.
"""

from collections.abc import Mapping, Sequence
from typing import Any

from django import forms
from django.utils.functional import Promise
from django.utils.translation import gettext_lazy as _

from services.editor.form_editing import choice_value, field_key
from services.editor.kind_words import kind_words
from services.forms.definition import Kind

OFFERED = (Kind.TEXT, Kind.LONG_TEXT, Kind.NUMBER, Kind.MONEY, Kind.AREA, Kind.DATE, Kind.YES_NO, Kind.CHOICE)
"""Kinds an office needs; a question of another kind that is there already stays one."""
BLANK_ROWS = 2
MOST = 30
PREFIX = "noi"


class OwnQuestion(forms.Form):
    """One question; without words it is taken away."""

    mark_optional = False
    use_required_attribute = False

    key = forms.CharField(required=False, widget=forms.HiddenInput)
    label = forms.CharField(label=_("Question to the office"), required=False, max_length=200)
    kind = forms.ChoiceField(label=_("Kind of answer"), required=False)
    choices = forms.CharField(
        label=_("What to choose from, one per line"),
        help_text=_("Only for a choice."),
        required=False,
        max_length=4000,
        widget=forms.Textarea({"mc-rows": 3, "mc-count": False}),
    )
    required = forms.BooleanField(
        label=_("Must be answered before the step is finished"), required=False, widget=forms.CheckboxInput({"mc-small": True})
    )

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        field = self.fields["kind"]
        assert isinstance(field, forms.ChoiceField)
        now = str(self.initial.get("kind") or Kind.TEXT)
        listed: list[tuple[str, str | Promise]] = [(kind.value, kind_words(kind).name) for kind in OFFERED]
        field.choices = listed if now in dict(listed) else [*listed, (now, kind_words(now).name)]

    def clean(self) -> dict[str, Any]:
        """A choice has at least two things to choose from."""
        cleaned = super().clean() or {}
        lines = [line.strip() for line in str(cleaned.get("choices") or "").splitlines() if line.strip()]
        if cleaned.get("label") and cleaned.get("kind") == Kind.CHOICE and len(lines) < 2:
            self.add_error("choices", _("Enter at least two things to choose from, one per line"))
        return cleaned | {"lines": list(dict.fromkeys(lines))}


_Rows = forms.formset_factory(OwnQuestion, extra=BLANK_ROWS, max_num=MOST, absolute_max=MOST)


def rows_of(step: Mapping[str, Any], data: Any = None) -> Any:
    """The questions of a step as forms, with empty ones after them; `data` as typed."""
    initial = [
        {
            "key": one.get("key"),
            "label": _plain(one.get("label")),
            "kind": one.get("kind"),
            "choices": "\n".join(_plain(choice.get("label")) for choice in one.get("choices") or ()),
            "required": one.get("required", True) is not False,
        }
        for one in _kept(step)
    ]
    typed = data if data is not None and f"{PREFIX}-TOTAL_FORMS" in data else None
    return _Rows(typed, initial=initial, prefix=PREFIX)


def questions_of(step: Mapping[str, Any], rows: Any) -> list[dict[str, Any]] | None:
    """What to keep as the step's `fields`, after is_valid(); None where nothing is asked."""
    if not rows.is_bound:
        return _kept(step) or None
    before = {str(one.get("key")): one for one in _kept(step)}
    made: list[dict[str, Any]] = []
    for row in rows:
        cleaned = row.cleaned_data
        label = str(cleaned.get("label") or "").strip()
        if not label:
            continue
        old = before.get(cleaned["key"], {})
        key = old.get("key") or field_key({"pages": [{"fields": [*before.values(), *made]}]}, label)
        one = {**old, "key": key, "kind": cleaned["kind"] or Kind.TEXT.value, "required": cleaned["required"]}
        if _plain(old.get("label")) != label:
            one["label"] = label
        if one["kind"] == Kind.CHOICE:
            one["choices"] = _choices(old.get("choices") or (), cleaned["lines"])
        else:
            one.pop("choices", None)
        made.append(one)
    return made or None


def _choices(old: Sequence[Mapping[str, Any]], lines: Sequence[str]) -> list[dict[str, Any]]:
    """One for each line; those whose words stayed keep their value, so that answers given already still fit."""
    known = {_plain(one.get("label")): dict(one) for one in old}
    taken = [str(one.get("value")) for one in old]
    made = []
    for line in lines:
        one = known.get(line)
        if one is None:
            one = {"value": choice_value(line, taken), "label": line}
            taken.append(one["value"])
        made.append(one)
    return made


def _kept(step: Mapping[str, Any]) -> list[dict[str, Any]]:
    found = step.get("fields")
    return [dict(one) for one in found if isinstance(one, Mapping)] if isinstance(found, list) else []


def _plain(text: Any) -> str:
    """A text of a definition in Vietnamese."""
    return str(text.get("vi", "")) if isinstance(text, Mapping) else str(text or "")
