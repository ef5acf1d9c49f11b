"""The settings of a question, a page or the form as ordinary Django forms, made from what the kind of question can do."""

from collections.abc import Mapping, Sequence
from typing import Any

from django import forms
from django.core.exceptions import ValidationError
from django.utils.translation import gettext_lazy as _

from services.editor.condition_editing import literal, shown
from services.editor.form_editing import COMMON, Form, Path, fields_of, is_group, said
from services.editor.kind_words import OPTION_HELPS, option_name, value_name
from services.forms import places
from services.forms.kinds import (
    FIELD_KEY,
    HELP_LENGTH,
    KINDS,
    LABEL_LENGTH,
    LARGEST,
    NAMES,
    PAGE_KEY,
    PREFILLS,
    RESERVED_FIELDS,
    RESERVED_PAGES,
    SILENT,
    Kind,
    Option,
)
from services.forms.operands import Operand, Type

ELSEWHERE = frozenset({"choices", "fields", "formula"})
"""Values of options that have an editor of their own."""
DAY_OPERAND, NUMBER_OPERAND = Operand(Type.DATE), Operand(Type.NUMBER)


def english(text: object) -> str:
    """The English of a text of a definition."""
    found = text.get("en") if isinstance(text, Mapping) else ""
    return found if isinstance(found, str) else ""


def both(vietnamese: str, other: str) -> Any:
    """A text of a definition; None when it is empty."""
    if not vietnamese and not other:
        return None
    return {"vi": vietnamese, "en": other} if other else vietnamese


class Day(forms.CharField):
    """A day as people write it, or `hôm nay`; kept as YYYY-MM-DD or `today`."""

    TODAY = ("hôm nay", "hom nay", "today")

    def prepare_value(self, value: Any) -> Any:
        return "hôm nay" if value == "today" else shown(value, DAY_OPERAND) if isinstance(value, str) else value

    def clean(self, value: Any) -> str:
        text = str(super().clean(value) or "").strip()
        if text.lower() in self.TODAY:
            return "today"
        read = str(literal(text, DAY_OPERAND)) if text else ""
        if read and (len(read) != 10 or read[4] != "-"):
            raise ValidationError(_("Enter a day such as 05/03/2026, or: hôm nay"), code="day")
        return read


class Number(forms.CharField):
    """A number with a decimal comma; kept as a JSON number."""

    def prepare_value(self, value: Any) -> Any:
        return shown(value, NUMBER_OPERAND) if isinstance(value, int | float) and not isinstance(value, bool) else value

    def clean(self, value: Any) -> Any:
        text = str(super().clean(value) or "").strip()
        if not text:
            return None
        read = literal(text, NUMBER_OPERAND)
        if isinstance(read, str) or abs(read) > LARGEST:
            raise ValidationError(_("Enter a number, such as 12,5"), code="number")
        return read


class Settings(forms.Form):
    """Common to questions and pages."""

    mark_optional = False
    use_required_attribute = False

    def parts(self, names: Sequence[str]) -> list[Any]:
        """Some of its fields, to be drawn together."""
        return [self[name] for name in names if name in self.fields]


class FieldSettings(Settings):
    """The settings of one question."""

    def __init__(self, form: Form, path: Path, item: Mapping[str, Any], data: Any = None) -> None:
        super().__init__(data)
        self.form, self.path, self.item = form, path, item
        self.kind = str(item.get("kind") or "")
        self.options = KINDS[Kind(self.kind)].options if self.kind in KINDS else {}
        silent = self.kind in SILENT
        self.fields["label"] = forms.CharField(
            label=_("Heading") if silent and self.kind == Kind.NOTE else _("Question"),
            required=self.kind != Kind.NOTE,
            max_length=LABEL_LENGTH,
            initial=said(item.get("label")),
            widget=forms.Textarea({"mc-rows": 2, "mc-count": False}),
        )
        self.fields["help"] = forms.CharField(
            label=_("Explanation"),
            help_text=_("Stands below the question. Say what people really ask about it."),
            required=False,
            max_length=HELP_LENGTH,
            initial=said(item.get("help")),
            widget=forms.Textarea({"mc-rows": 2, "mc-count": False}),
        )
        if not silent:
            required = item.get("required", not is_group(item))
            self.fields["required"] = forms.BooleanField(
                label=_("Must be answered"),
                required=False,
                initial=required is True,
                widget=forms.CheckboxInput({"mc-small": True}),
            )
        for name, option in self.options.items():
            if option.values not in ELSEWHERE:
                self.fields[name] = self._option(name, option)
        self.fields["label_en"] = forms.CharField(
            label=_("Question in English"), required=False, max_length=LABEL_LENGTH, initial=english(item.get("label"))
        )
        self.fields["help_en"] = forms.CharField(
            label=_("Explanation in English"),
            required=False,
            max_length=HELP_LENGTH,
            initial=english(item.get("help")),
            widget=forms.Textarea({"mc-rows": 2, "mc-count": False}),
        )
        self.fields["key"] = forms.CharField(
            label=_("Short name (key)"),
            help_text=_(
                "By which conditions, offices and the outcome name the question: a change is put in there as well. "
                "Answers of cases that are under way keep the old name."
            ),
            max_length=60,
            initial=item.get("key"),
            widget=forms.TextInput({"mc-width": 20, "spellcheck": "false", "autocapitalize": "none"}),
        )

    def _option(self, name: str, option: Option) -> forms.Field:
        label, help_text, value = option_name(self.kind, name, option.values), OPTION_HELPS.get(name, ""), self.item.get(name)
        common: dict[str, Any] = {"label": label, "help_text": help_text, "required": False, "initial": value}
        if option.values == "count":
            narrow = forms.TextInput({"mc-width": 4, "inputmode": "numeric"})
            return forms.IntegerField(
                min_value=option.least, max_value=option.most, localize=False, **{**common, "widget": narrow}
            )
        if option.values == "number":
            return Number(**common, widget=forms.TextInput({"mc-width": 10, "inputmode": "decimal"}))
        if option.values == "day":
            common["help_text"] = _("Such as 05/03/2026, or: hôm nay")
            return Day(**common, widget=forms.TextInput({"mc-width": 10}))
        if option.values == "flag":
            widget = forms.CheckboxInput({"mc-small": True})
            return forms.BooleanField(**{**common, "initial": value is True}, widget=widget)
        if option.values == "said":
            common["initial"] = said(value)
            return forms.CharField(**common, max_length=HELP_LENGTH, widget=forms.Textarea({"mc-rows": 3, "mc-count": False}))
        choices = self._choices(name, option)
        if choices is not None:
            attrs = {"mc-autocomplete": True} if len(choices) > 20 else {}
            return forms.ChoiceField(**common, choices=[("", "—"), *choices], widget=forms.Select(attrs))
        common["initial"] = said(value)
        return forms.CharField(**common, max_length=60, widget=forms.TextInput({"mc-width": 20}))

    def _choices(self, name: str, option: Option) -> list[tuple[str, Any]] | None:
        """What a setting with listed values can be; None for one that is written."""
        if option.values == "one_of":
            return [(str(value), value_name(str(value))) for value in option.choices]
        if option.values == "prefill":
            return [(value, value_name(value)) for value, kinds in PREFILLS.items() if self.kind in kinds]
        if option.values == "province":
            return [(place.code, place.name) for place in places.provinces()]
        if option.values == "name_field":
            asked = [one for path, one in fields_of(self.form) if len(path) == 2 and one.get("kind") in NAMES]
            return [(str(one.get("key")), said(one.get("label"))) for one in asked]
        return None

    def clean_key(self) -> str:
        """A key as the rules have it, that no other question has."""
        key = str(self.cleaned_data["key"]).strip()
        if not FIELD_KEY.fullmatch(key) or key in RESERVED_FIELDS:
            raise ValidationError(
                _("Begin with a small letter; go on with small letters, digits and _. Some names are taken."), code="key"
            )
        if any(path != self.path and one.get("key") == key for path, one in fields_of(self.form)):
            raise ValidationError(_("Another question has this short name already."), code="taken")
        return key

    def settings(self) -> dict[str, Any]:
        """What to keep, after is_valid(); None takes a setting away. Settings the kind does not have are taken away."""
        cleaned = self.cleaned_data
        made: dict[str, Any] = {name: None for name in self.item if name not in {*COMMON, *self.options}}
        made["key"] = cleaned["key"]
        made["label"] = both(cleaned["label"].strip(), cleaned["label_en"].strip())
        made["help"] = both(cleaned["help"].strip(), cleaned["help_en"].strip())
        if "required" in self.fields:
            usual = not is_group(self.item)
            made["required"] = None if cleaned["required"] == usual and "required" not in self.item else cleaned["required"]
        else:
            made["required"] = None
        for name, option in self.options.items():
            if name not in self.fields:
                continue
            value = cleaned[name]
            if option.values in {"text", "said"}:
                value = both(value.strip(), english(self.item.get(name)) if value.strip() else "")
            elif option.values == "flag":
                value = value or None
            made[name] = None if value in ("", None) else value
        return made

    @property
    def own(self) -> list[Any]:
        """The settings of this kind alone."""
        return self.parts([name for name, option in self.options.items() if option.values not in ELSEWHERE])


class PageSettings(Settings):
    """The settings of a page."""

    title = forms.CharField(label=_("Title of the page"), max_length=LABEL_LENGTH)
    help = forms.CharField(
        label=_("Explanation"),
        help_text=_("Stands at the head of the page."),
        required=False,
        max_length=HELP_LENGTH,
        widget=forms.Textarea({"mc-rows": 3, "mc-count": False}),
    )
    title_en = forms.CharField(label=_("Title in English"), required=False, max_length=LABEL_LENGTH)
    help_en = forms.CharField(
        label=_("Explanation in English"),
        required=False,
        max_length=HELP_LENGTH,
        widget=forms.Textarea({"mc-rows": 2, "mc-count": False}),
    )
    key = forms.CharField(
        label=_("Part of the address"),
        max_length=60,
        widget=forms.TextInput({"mc-width": 20, "spellcheck": "false", "autocapitalize": "none"}),
    )

    def __init__(self, form: Form, path: Path, item: Mapping[str, Any], data: Any = None) -> None:
        initial = {
            "title": said(item.get("title")),
            "help": said(item.get("help")),
            "title_en": english(item.get("title")),
            "help_en": english(item.get("help")),
            "key": item.get("key"),
        }
        super().__init__(data, initial=initial)
        self.form, self.path, self.item = form, path, item

    def clean_key(self) -> str:
        """A key as the rules have it, that no other page has."""
        key = str(self.cleaned_data["key"]).strip()
        if not PAGE_KEY.fullmatch(key) or key in RESERVED_PAGES:
            raise ValidationError(_("Use small letters, digits and single hyphens. Some names are taken."), code="key")
        if any((n,) != self.path and page.get("key") == key for n, page in enumerate(self.form["pages"])):
            raise ValidationError(_("Another page has this name already."), code="taken")
        return key

    def settings(self) -> dict[str, Any]:
        """What to keep, after is_valid(); None takes a setting away."""
        cleaned = self.cleaned_data
        return {
            **{name: None for name in self.item if name not in {"key", "title", "help", "when", "fields"}},
            "key": cleaned["key"],
            "title": both(cleaned["title"].strip(), cleaned["title_en"].strip()),
            "help": both(cleaned["help"].strip(), cleaned["help_en"].strip()),
        }


class FormSettings(Settings):
    """What belongs to the form as a whole."""

    subject_field = forms.ChoiceField(
        label=_("Whom or what a case is about"),
        help_text=_("Lists, receipts and outcomes call a case by this answer (chủ hồ sơ)."),
        required=False,
    )

    def __init__(self, form: Form, data: Any = None) -> None:
        super().__init__(data, initial={"subject_field": form.get("subject_field")})
        names = [
            (str(one.get("key")), said(one.get("label")))
            for path, one in fields_of(form)
            if len(path) == 2 and one.get("kind") in NAMES
        ]
        self.fields["subject_field"].choices = [("", _("The person who files")), *names]  # type: ignore[attr-defined]
