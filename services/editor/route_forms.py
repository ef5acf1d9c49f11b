"""The settings of a step as an ordinary Django form."""

from collections.abc import Mapping, Sequence
from typing import Any

from django import forms
from django.core.exceptions import ValidationError
from django.utils.functional import Promise
from django.utils.translation import gettext_lazy as _

from identity.offices.powers import CASE_POWERS
from identity.offices.wording import POWER_NAMES
from services.catalogue.difference_wording import VALUE_NAMES
from services.catalogue.shapes import KINDS, SLUG
from services.catalogue.shapes.route import MOST_DAYS, MOST_POINTS
from services.editor.asking import Question
from services.editor.route_editing import OFFICE_FORMS, OfficeChoice, hours_written, office_choice, office_ref

STEP_KINDS = VALUE_NAMES["kind"]
OFFICE_WORDS: Mapping[str, str | Promise] = {
    "function": _("A unit of the agency that decides"),
    "code": _("One particular office"),
    "answer": _("A unit in the ward named in an answer"),
    "answer_code": _("The office chosen in an answer"),
    "parent": _("A unit of the agency above"),
}
USUAL = _("As usual for this kind of step")


class Hours(forms.CharField):
    """Working hours with a decimal comma; None where they are not counted."""

    def prepare_value(self, value: Any) -> Any:
        return str(value).replace(".", ",") if isinstance(value, int | float) and not isinstance(value, bool) else value or ""

    def clean(self, value: Any) -> Any:
        try:
            return hours_written(str(super().clean(value) or ""))
        except ValueError:
            raise ValidationError(
                _("Enter hours above zero, such as 4 or 1,5; leave it empty where they are not counted."), code="hours"
            ) from None


class StepForm(forms.Form):
    """One step of a route."""

    mark_optional = False
    use_required_attribute = False

    title = forms.CharField(label=_("What is done"), max_length=300, widget=forms.Textarea({"mc-rows": 2, "mc-count": False}))
    kind = forms.ChoiceField(
        label=_("Kind of step"),
        help_text=_("Decides which buttons the official has, and which power is needed."),
        choices=[(kind, STEP_KINDS.get(kind, kind)) for kind in KINDS],
    )
    office = forms.ChoiceField(
        label=_("Who does it"), choices=[(form, OFFICE_WORDS[form]) for form in OFFICE_FORMS], widget=forms.RadioSelect
    )
    function = forms.ChoiceField(label=_("Unit"), required=False)
    code = forms.ChoiceField(label=_("Office"), required=False)
    answer = forms.ChoiceField(label=_("Answer with the ward"), required=False)
    answer_function = forms.ChoiceField(label=_("Unit in that ward"), required=False)
    answer_code = forms.ChoiceField(label=_("Answer with the office"), required=False)
    parent_function = forms.ChoiceField(label=_("Unit"), required=False)
    hours = Hours(
        label=_("Working hours"),
        help_text=_("8 hours are a working day. Empty: the time is not counted."),
        required=False,
        widget=forms.TextInput({"mc-width": 5, "mc-suffix": _("hours"), "inputmode": "decimal"}),
    )
    proposed = forms.BooleanField(
        label=_("These hours are our own proposal, not from a decision"),
        required=False,
        widget=forms.CheckboxInput({"mc-small": True}),
    )
    points = forms.IntegerField(
        label=_("Weight of the work"),
        help_text=_("From 1 to 20, where work is shared out by load. Empty: 1."),
        required=False,
        min_value=1,
        max_value=MOST_POINTS,
        widget=forms.TextInput({"mc-width": 3, "inputmode": "numeric"}),
    )
    days = forms.IntegerField(
        label=_("Calendar days instead of hours"),
        help_text=_("Only for asking another office, where the law counts days."),
        required=False,
        min_value=1,
        max_value=MOST_DAYS,
        widget=forms.TextInput({"mc-width": 3, "mc-suffix": _("days"), "inputmode": "numeric"}),
    )
    silence = forms.BooleanField(
        label=_("No answer in time counts as agreement"),
        help_text=_("Only for asking another office, where a rule of law says so; the step needs hours or days."),
        required=False,
        widget=forms.CheckboxInput({"mc-small": True}),
    )
    unit = forms.CharField(
        label=_("Unit as the public page names it"),
        required=False,
        max_length=200,
        help_text=_("Such as: Chuyên viên Phòng Kinh tế, Hạ tầng và Đô thị"),
    )
    power = forms.ChoiceField(
        label=_("Power needed"),
        required=False,
        choices=[("", USUAL), *((str(power), POWER_NAMES[power]) for power in POWER_NAMES if power in CASE_POWERS)],
    )
    key = forms.CharField(
        label=_("Short name (key)"),
        max_length=60,
        widget=forms.TextInput({"mc-width": 20, "spellcheck": "false", "autocapitalize": "none"}),
    )

    def __init__(
        self,
        step: Mapping[str, Any],
        data: Any = None,
        *,
        functions: Sequence[tuple[str, str]],
        offices: Sequence[tuple[str, str]],
        questions: Mapping[str, Question],
        choices: Sequence[tuple[str, str]],
        taken: frozenset[str],
    ) -> None:
        self.step, self.taken = step, taken
        super().__init__(data, initial=self._initial(step))
        chosen = office_choice(step.get("office"))
        wards = [(name.removesuffix(".ward"), one.label) for name, one in questions.items() if name.endswith(".ward")]
        for name, listed, now in (
            ("function", functions, chosen.function),
            ("answer_function", functions, chosen.function),
            ("parent_function", functions, chosen.function),
            ("code", offices, chosen.code),
            ("answer", wards, chosen.answer if chosen.form == "answer" else ""),
            ("answer_code", choices, chosen.answer if chosen.form == "answer_code" else ""),
        ):
            self._offer(name, listed, now)

    def _offer(self, name: str, listed: Sequence[tuple[str, str]], now: str) -> None:
        field = self.fields[name]
        assert isinstance(field, forms.ChoiceField)
        kept = [] if not now or now in dict(listed) else [(now, now)]
        field.choices = [("", _("Choose")), *listed, *kept]
        if len(listed) > 20:
            field.widget.attrs["mc-autocomplete"] = True

    @staticmethod
    def _initial(step: Mapping[str, Any]) -> dict[str, Any]:
        chosen = office_choice(step.get("office"))
        initial = {name: step.get(name) for name in ("title", "kind", "hours", "unit", "power", "key", "points", "days")}
        initial |= {"office": chosen.form, "proposed": step.get("proposed") is True, "code": chosen.code}
        initial["silence"] = step.get("silence") is True
        functions = {"function": "function", "answer": "answer_function", "parent": "parent_function"}
        if chosen.form in functions:
            initial[functions[chosen.form]] = chosen.function
        if chosen.form in {"answer", "answer_code"}:
            initial[chosen.form] = chosen.answer
        return initial

    def clean_key(self) -> str:
        """A key that no other step has."""
        key = str(self.cleaned_data["key"]).strip()
        if not SLUG.fullmatch(key):
            raise ValidationError(_("Use small letters, digits and single hyphens."), code="key")
        if key in self.taken:
            raise ValidationError(_("Another step has this short name already."), code="taken")
        return key

    def clean(self) -> dict[str, Any]:
        """The office is said in full."""
        cleaned = super().clean() or {}
        needed = {
            "function": ("function",),
            "code": ("code",),
            "answer": ("answer", "answer_function"),
            "answer_code": ("answer_code",),
            "parent": ("parent_function",),
        }
        for name in needed.get(cleaned.get("office", ""), ()):
            if not cleaned.get(name) and name not in self.errors:
                self.add_error(name, _("Choose who does the step"))
        asks, hours, days = cleaned.get("kind") == "consult", cleaned.get("hours"), cleaned.get("days")
        if days and (not asks or hours is not None):
            self.add_error("days", _("Only for asking another office, and instead of hours."))
        if cleaned.get("silence") and (not asks or (hours is None and not days)):
            self.add_error("silence", _("Only for asking another office, with hours or days given."))
        return cleaned

    def settings(self) -> dict[str, Any]:
        """What to keep, after is_valid(); None takes a setting away, but the hours, which may be empty."""
        cleaned = self.cleaned_data
        form = cleaned["office"]
        answer = {"answer": cleaned["answer"], "answer_code": cleaned["answer_code"]}.get(form, "")
        function = {"answer": cleaned["answer_function"], "parent": cleaned["parent_function"]}.get(form, cleaned["function"])
        return {
            **{name: None for name in self.step if name not in KEPT},
            "key": cleaned["key"],
            "title": cleaned["title"].strip(),
            "kind": cleaned["kind"],
            "office": office_ref(OfficeChoice(form, function, cleaned["code"], answer)),
            "hours": cleaned["hours"],
            "unit": cleaned["unit"].strip() or ("" if "unit" in self.step else None),
            "power": cleaned["power"] or None,
            "proposed": cleaned["proposed"] or (False if "proposed" in self.step else None),
            "points": cleaned["points"],
            "days": cleaned["days"],
            "silence": cleaned["silence"] or (False if "silence" in self.step else None),
        }

    @property
    def office_choices(self) -> list[dict[str, Any]]:
        """The ways to say an office, each with the inputs that go with it."""
        inside = {
            "function": ("function",),
            "code": ("code",),
            "answer": ("answer", "answer_function"),
            "answer_code": ("answer_code",),
            "parent": ("parent_function",),
        }
        return [{**choice, "inputs": [self[name] for name in inside[choice["value"]]]} for choice in self["office"].choices]  # type: ignore[attr-defined]


KEPT = frozenset(
    {
        "key",
        "title",
        "kind",
        "office",
        "hours",
        "unit",
        "power",
        "proposed",
        "group",
        "when",
        "points",
        "silence",
        "days",
        "fields",
    }
)
"""Settings that a step has; others are taken away."""
