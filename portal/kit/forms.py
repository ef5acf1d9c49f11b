"""GOV.UK markup for ordinary Django forms, and the few fields Django does not have.

`{{ form }}` and `{{ field.as_field_group }}` give the whole markup; `{{ field.control }}` the styled control alone. A bare
`{{ field }}` stays Django's plain widget, because the administration site draws those itself.

What a widget cannot say with HTML attributes it says with `mc-…` attributes, which are never printed: mc-prefix, mc-suffix,
mc-width, mc-inline, mc-small, mc-choice-help, mc-label, mc-heading, mc-rows, mc-hide-label, mc-count, mc-autocomplete.
"""

import calendar
import re
from collections.abc import Mapping
from datetime import date
from typing import Any

from django import forms
from django.core.exceptions import ValidationError
from django.core.files.uploadedfile import UploadedFile
from django.forms.boundfield import BoundField
from django.forms.renderers import TemplatesSetting
from django.forms.utils import ErrorList
from django.utils.functional import Promise, cached_property
from django.utils.safestring import SafeString
from django.utils.translation import gettext_lazy as _

PRIVATE = "mc-"
PARTS = ("day", "month", "year")
OLDEST_YEAR = 1880
"""Nobody alive was born before; an earlier year is a slip of the keyboard."""
LATEST_YEAR = 2200


class GovukBoundField(BoundField):
    """A field that knows how to draw itself in the portal's markup."""

    field: forms.Field

    def build_widget_attrs(self, attrs: dict[str, Any], widget: forms.Widget | None = None) -> dict[str, Any]:
        """Django's attributes, with the private ones switched off so that they are never printed."""
        built = super().build_widget_attrs(attrs, widget)
        built.update({name: False for name in self.field.widget.attrs if name.startswith(PRIVATE)})
        if "required" in attrs:
            built["required"] = attrs["required"]
        return built

    def option(self, name: str) -> Any:
        """The private attribute `mc-<name>` of the widget, or None."""
        return self.field.widget.attrs.get(PRIVATE + name)

    @property
    def errors(self) -> ErrorList:
        """The field's errors; Django's one sentence for every missing answer gives way to one that names the question."""
        found = super().errors
        if not any(_is_plainly_missing(error) for error in found.as_data()):
            return found
        return found.__class__(
            [self._missing if _is_plainly_missing(error) else error for error in found.as_data()],
            error_class=found.error_class,
            renderer=found.renderer,
        )

    @property
    def _missing(self) -> str:
        template = MISSING.get(self.kind, _("Enter: %(label)s"))
        return str(template) % {"label": self.label}

    @property
    def kind(self) -> str:
        """Which template under forms/controls/ draws it."""
        widget = self.field.widget
        for kind, types in KINDS:
            if isinstance(widget, types):
                return kind
        return "input"

    @property
    def control(self) -> SafeString:
        """The styled control, without label, hint or errors."""
        html = self.form.renderer.render(f"forms/controls/{self.kind}.html", self.get_context())
        return SafeString(html)

    @property
    def is_single_checkbox(self) -> bool:
        """Whether its label belongs to the tick box and not above it."""
        return self.kind == "checkbox"

    @property
    def in_fieldset(self) -> bool:
        """Whether several inputs answer one question."""
        return self.kind in {"radios", "checkboxes", "date"}

    @property
    def prefix(self) -> str:
        """Printed before the input, as part of it."""
        return self.option("prefix") or ""

    @property
    def suffix(self) -> str:
        """Printed after the input, as part of it: a unit."""
        return self.option("suffix") or ""

    @property
    def label_size(self) -> str:
        """s, m, l or xl."""
        return self.option("label") or ("m" if self.option("heading") else "s")

    @property
    def is_heading(self) -> bool:
        """Whether the label is the heading of the page."""
        return bool(self.option("heading"))

    @property
    def label_hidden(self) -> bool:
        """Whether only screen readers get the label."""
        return bool(self.option("hide-label"))

    @property
    def inline(self) -> bool:
        """Whether the choices stand side by side."""
        return bool(self.option("inline"))

    @property
    def small(self) -> bool:
        """Whether radios and tick boxes are the small ones."""
        return bool(self.option("small"))

    @property
    def show_optional(self) -> bool:
        """Whether the label says that an answer is not required."""
        return not self.field.required and not self.is_single_checkbox and getattr(self.form, "mark_optional", True)

    @property
    def max_length(self) -> int | None:
        """Characters a counted text may have; None where nothing is counted."""
        length = self.field.widget.attrs.get("maxlength")
        return int(length) if length and self.option("count") is not False else None

    @property
    def help_id(self) -> str:
        """Id of the hint."""
        return f"{self.auto_id}_helptext"

    @property
    def error_id(self) -> str:
        """Id of the error message."""
        return f"{self.auto_id}_error"

    @property
    def group_describedby(self) -> str:
        """Ids describing a fieldset: hint and error."""
        return super().aria_describedby or ""

    @property
    def focus_id(self) -> str:
        """Id of the input that the error summary leads to."""
        if self.kind in {"radios", "checkboxes"}:
            return f"{self.auto_id}_0"
        if self.kind == "date":
            asked, wrong = self.parts_asked, self.wrong_parts
            return f"{self.auto_id}_{next((part for part in asked if part in wrong), asked[0])}"
        return self.id_for_label or self.auto_id

    @property
    def wrong_parts(self) -> frozenset[str]:
        """The parts of a date that its error is about; all of them when the error does not say."""
        if not self.errors:
            return frozenset()
        named = {part for error in self.errors.as_data() for part in (getattr(error, "params", None) or {}).get("parts", ())}
        return frozenset(named or PARTS)

    @property
    def parts_asked(self) -> tuple[str, ...]:
        """The inputs of a date: all three, or month and year."""
        widget = self.field.widget
        return widget.asked if isinstance(widget, DatePartsInput) else PARTS

    @cached_property
    def styled(self) -> SafeString:
        """An input, select, textarea or file input with its classes."""
        widget, kind = self.field.widget, self.kind
        css, block = [BASE_CLASSES[kind]], BASE_CLASSES[kind]
        if self.errors:
            css.append(f"{block}--error")
        if width := self.option("width"):
            css.append(f"govuk-input--width-{width}" if str(width).isdigit() else f"govuk-!-width-{width}")
        attrs: dict[str, Any] = {"class": " ".join([*css, widget.attrs.get("class", "")]).strip()}
        if isinstance(widget, forms.NumberInput):
            # A number input loses what was typed when it is no number and changes under a mouse wheel.
            decimal = isinstance(self.field, forms.DecimalField | forms.FloatField)
            attrs |= {"inputmode": widget.attrs.get("inputmode", "decimal" if decimal else "numeric"), "spellcheck": "false"}
            attrs |= {"min": False, "max": False, "step": False}
            widget = TextLike.of(widget)
        elif isinstance(widget, forms.FileInput):
            widget = FileLike.of(widget)
        elif isinstance(widget, forms.EmailInput):
            attrs |= {"spellcheck": "false", "autocapitalize": "none"}
        elif isinstance(widget, forms.Textarea):
            attrs |= {"rows": self.option("rows") or 5, "cols": False, "maxlength": False}
            if self.max_length:
                attrs["class"] += " govuk-js-character-count"
                attrs["aria-describedby"] = f"{self.aria_describedby or ''} {self.auto_id}-info".strip()
        elif isinstance(widget, forms.PasswordInput):
            attrs |= {"spellcheck": "false", "autocapitalize": "none"}
            attrs["class"] += " govuk-password-input__input govuk-js-password-input-input"
        if self.option("autocomplete") and kind == "select":
            attrs["data-mc-searchable"] = True
        attrs["required"] = False
        return self.as_widget(widget=widget, attrs=attrs)

    @property
    def choices(self) -> list[dict[str, Any]]:
        """Radios or tick boxes: value, label, id, whether chosen, help."""
        help_texts: Mapping[str, str] = self.option("choice-help") or {}
        found = []
        for option in self.subwidgets:
            data = option.data
            found.append(
                {
                    "value": data["value"],
                    "label": data["label"],
                    "id": data["attrs"].get("id", ""),
                    "selected": data["selected"],
                    "disabled": bool(data["attrs"].get("disabled")),
                    "help": help_texts.get(str(data["value"]), ""),
                }
            )
        return found

    @property
    def checked(self) -> bool:
        """Whether a single tick box is ticked."""
        return isinstance(self.field.widget, forms.CheckboxInput) and bool(self.field.widget.check_test(self.value()))

    @property
    def date_parts(self) -> list[dict[str, Any]]:
        """The three inputs of a date, with what was typed."""
        typed = DatePartsInput.split(self.value())
        wrong = self.wrong_parts
        autocomplete = "bday" in str(self.field.widget.attrs.get("autocomplete", ""))
        return [
            {
                "name": f"{self.html_name}_{part}",
                "id": f"{self.auto_id}_{part}",
                "label": PART_LABELS[part],
                "value": typed[part],
                "width": 4 if part == "year" else 2,
                "wrong": part in wrong,
                "autocomplete": f"bday-{part}" if autocomplete else "",
            }
            for part in self.parts_asked
        ]


class Renderer(TemplatesSetting):
    """`FORM_RENDERER`: templates under templates/forms/."""

    form_template_name = "forms/form.html"
    formset_template_name = "forms/formset.html"
    field_template_name = "forms/field.html"
    bound_field_class = GovukBoundField


class TextLike(forms.TextInput):
    """A number typed as text."""

    @classmethod
    def of(cls, widget: forms.Widget) -> "TextLike":
        made = cls(attrs=widget.attrs)
        made.is_localized = widget.is_localized
        return made


class FileLike(forms.FileInput):
    """A bare file input, also where Django would add a link and a tick box for clearing."""

    @classmethod
    def of(cls, widget: forms.FileInput) -> "FileLike":
        made = cls()
        # Django forbids `multiple` in the constructor unless the class says that it can take several.
        made.allow_multiple_selected = widget.allow_multiple_selected
        made.attrs = dict(widget.attrs)
        return made


class DatePartsInput(forms.Widget):
    """Three inputs `<name>_day`, `<name>_month`, `<name>_year`; a single `<name>` with an ISO date is understood as well."""

    template_name = "forms/controls/date_plain.html"
    use_fieldset = True
    asked: tuple[str, ...] = PARTS

    def value_from_datadict(self, data: Mapping[str, Any], files: Any, name: str) -> Any:
        """What was typed, as a dict of parts; None when nothing was."""
        if name in data and f"{name}_day" not in data:
            return data.get(name) or None
        typed = {part: str(data.get(f"{name}_{part}") or "").strip() for part in PARTS}
        return typed if any(typed.values()) else None

    def value_omitted_from_data(self, data: Mapping[str, Any], files: Any, name: str) -> bool:
        return name not in data and not any(f"{name}_{part}" in data for part in PARTS)

    def id_for_label(self, id_: str | None) -> str:
        return ""

    def get_context(self, name: str, value: Any, attrs: dict[str, Any] | None) -> dict[str, Any]:
        context = super().get_context(name, value, attrs)
        typed = self.split(value)
        parts = [{"name": f"{name}_{part}", "value": typed[part], "label": PART_LABELS[part]} for part in self.asked]
        return {**context, "parts": parts}

    @staticmethod
    def split(value: Any) -> dict[str, str]:
        """A date, an ISO date (or its year, or year and month) or typed parts, as three strings."""
        if isinstance(value, Mapping):
            return {part: str(value.get(part) or "") for part in PARTS}
        if isinstance(value, str) and (known := re.fullmatch(r"([0-9]{4})(?:-([0-9]{2}))?", value)):
            return {"day": "", "month": known[2] or "", "year": known[1]}
        if isinstance(value, str) and value:
            try:
                value = date.fromisoformat(value)
            except ValueError:
                return {"day": value, "month": "", "year": ""}
        if isinstance(value, date):
            return {"day": str(value.day), "month": str(value.month), "year": str(value.year)}
        return dict.fromkeys(PARTS, "")


class MonthInput(DatePartsInput):
    """A month of a year: two inputs."""

    asked = ("month", "year")


class DateParts(forms.Field):
    """A date typed as day, month and year; its value is a `date` or None. What was typed stays on the page when it is wrong."""

    widget = DatePartsInput
    default_error_messages = {
        "required": _("Enter the day, month and year."),
        "incomplete": _("The date needs a day, a month and a year: %(missing)s is missing."),
        "numbers": _("The day, month and year must be numbers, such as 27 3 1990."),
        "day": _("The day must be a number from 1 to 31."),
        "month": _("The month must be a number from 1 to 12."),
        "year": _("The year must have four digits, such as 1990."),
        "month_end": _("Month %(month)s of %(year)s has only %(days)s days."),
    }

    def to_python(self, value: Any) -> date | None:
        if value in self.empty_values:
            return None
        if isinstance(value, date):
            return value
        typed = DatePartsInput.split(value)
        if missing := [part for part in PARTS if not typed[part]]:
            if isinstance(value, str):
                raise self._wrong("numbers", PARTS)
            names = ", ".join(str(PART_NAMES[part]) for part in missing)
            raise self._wrong("incomplete", missing, missing=names)
        if strange := [part for part in PARTS if not typed[part].isascii() or not typed[part].isdigit()]:
            raise self._wrong("numbers", strange)
        day, month, year = (int(typed[part]) for part in PARTS)
        if not 1 <= day <= 31:
            raise self._wrong("day", ["day"])
        if not 1 <= month <= 12:
            raise self._wrong("month", ["month"])
        if not OLDEST_YEAR <= year <= LATEST_YEAR:
            raise self._wrong("year", ["year"])
        days = calendar.monthrange(year, month)[1]
        if day > days:
            raise self._wrong("month_end", ["day"], month=month, year=year, days=days)
        return date(year, month, day)

    def has_changed(self, initial: Any, data: Any) -> bool:
        return DatePartsInput.split(initial) != DatePartsInput.split(data)

    def _wrong(self, code: str, parts: Any, **params: Any) -> ValidationError:
        return ValidationError(self.error_messages[code], code=code, params={"parts": tuple(parts), **params})


class FilesInput(forms.FileInput):
    """A file input that takes several files."""

    allow_multiple_selected = True


class Files(forms.FileField):
    """Several files at once; its value is a list, empty when none was chosen."""

    widget = FilesInput

    def clean(self, data: Any, initial: Any = None) -> list[UploadedFile]:
        chosen = [one for one in (data if isinstance(data, list | tuple) else [data]) if one]
        if not chosen:
            super().clean(None, initial)
            return []
        return [super(Files, self).clean(one, initial) for one in chosen]


class YesNo(forms.TypedChoiceField):
    """Two radios; its value is True, False, or None when not answered."""

    widget = forms.RadioSelect

    def __init__(self, **kwargs: Any) -> None:
        kwargs.setdefault("choices", [("yes", _("Yes")), ("no", _("No"))])
        super().__init__(coerce=lambda value: value == "yes", empty_value=None, **kwargs)
        self.widget.attrs.setdefault("mc-inline", True)

    def prepare_value(self, value: Any) -> Any:
        return {True: "yes", False: "no"}.get(value, value) if isinstance(value, bool) else value


def error_links(form: forms.BaseForm) -> list[dict[str, str | Promise]]:
    """Every error of a form with the address of the input it is about, in the order of the page."""
    links: list[dict[str, str | Promise]] = [{"message": str(message), "href": ""} for message in form.non_field_errors()]
    for name in form.fields:
        bound = form[name]
        href = f"#{bound.focus_id}" if isinstance(bound, GovukBoundField) and not bound.is_hidden else ""
        links += [{"message": str(message), "href": href} for message in bound.errors]
    return links


def _is_plainly_missing(error: ValidationError) -> bool:
    return error.code == "required" and error.message == forms.Field.default_error_messages["required"]


MISSING = {
    "radios": _("Choose one: %(label)s"),
    "checkboxes": _("Choose at least one: %(label)s"),
    "select": _("Choose from the list: %(label)s"),
    "file": _("Choose a file: %(label)s"),
    "checkbox": _("Tick to confirm: %(label)s"),
}
PART_LABELS = {"day": _("Day"), "month": _("Month"), "year": _("Year")}
PART_NAMES = {"day": _("the day"), "month": _("the month"), "year": _("the year")}

KINDS: tuple[tuple[str, type[forms.Widget] | tuple[type[forms.Widget], ...]], ...] = (
    ("date", DatePartsInput),
    ("checkboxes", forms.CheckboxSelectMultiple),
    ("radios", forms.RadioSelect),
    ("checkbox", forms.CheckboxInput),
    ("textarea", forms.Textarea),
    ("select", forms.Select),
    ("file", forms.FileInput),
    ("password", forms.PasswordInput),
)
BASE_CLASSES = {
    "input": "govuk-input",
    "password": "govuk-input",
    "textarea": "govuk-textarea",
    "select": "govuk-select",
    "file": "govuk-file-upload",
}


__all__ = [
    "DateParts",
    "DatePartsInput",
    "Files",
    "FilesInput",
    "GovukBoundField",
    "MonthInput",
    "Renderer",
    "YesNo",
    "error_links",
]
