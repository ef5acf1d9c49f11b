"""Forms of the editor's pages.

They keep whatever can be kept: a missing text is something to finish before publishing, said by the catalogue's own rules, and
only what could not be understood at all (a day that is none, an amount in words) is an error of the form.
"""

import re
from collections.abc import Mapping, Sequence
from datetime import date
from typing import Any, ClassVar

from django import forms
from django.core.exceptions import ValidationError
from django.core.files.uploadedfile import UploadedFile
from django.utils.translation import gettext
from django.utils.translation import gettext_lazy as _

from portal.kit.folding import words
from portal.kit.forms import DateParts, YesNo
from services.catalogue.life_events import LIFE_EVENTS
from services.catalogue.models import Domain, Procedure, Version
from services.catalogue.page import CHANNELS
from services.catalogue.shapes import CODE
from services.editor.rows import RowForm

OTHER = "+"
"""Choice of a field of law that is not in the list."""
LARGEST_PACKAGE = 3_000_000
"""Bytes of a file that is imported."""
AMOUNT = re.compile(r"\d{1,3}([. ]\d{3})*|\d{1,13}")
LARGEST_AMOUNT = 10**13


class Prose(forms.CharField):
    """Text of several lines. Browsers send other line breaks than were there; they are not a change."""

    def to_python(self, value: Any) -> str:
        return str(super().to_python(value)).replace("\r\n", "\n").replace("\r", "\n")


def _line(label: Any, help_text: Any = "", *, most: int = 300, width: str = "") -> forms.CharField:
    attrs = {"mc-width": width} if width else {}
    return forms.CharField(label=label, help_text=help_text, required=False, max_length=most, widget=forms.TextInput(attrs=attrs))


def _text(label: Any, help_text: Any = "", *, rows: int = 3, most: int = 20_000) -> Prose:
    widget = forms.Textarea(attrs={"mc-rows": rows, "mc-count": False})
    return Prose(label=label, help_text=help_text, required=False, max_length=most, widget=widget)


def _whole(label: Any, help_text: Any = "", *, least: int = 0, most: int = 32_000) -> forms.IntegerField:
    widget = forms.NumberInput(attrs={"mc-width": "5"})
    wrong = {
        "invalid": _("Write a whole number."),
        "min_value": _("Write a number that is at least %(limit_value)s."),
        "max_value": _("Write a number that is at most %(limit_value)s."),
    }
    return forms.IntegerField(
        label=label, help_text=help_text, required=False, min_value=least, max_value=most, widget=widget, error_messages=wrong
    )


class Amount(forms.CharField):
    """Whole đồng, typed with or without points between the thousands; empty: not a fixed amount."""

    def clean(self, value: Any) -> int | None:
        text = re.sub(r"\s*(đồng|đ|vnđ|vnd)\.?$", "", str(super().clean(value)).strip().lower())
        if not text:
            return None
        if not AMOUNT.fullmatch(text):
            raise ValidationError(_("Write the amount as a whole number of đồng, such as 75.000."), code="amount")
        amount = int(re.sub(r"\D", "", text))
        if amount > LARGEST_AMOUNT:
            raise ValidationError(_("This amount is too large."), code="amount")
        return amount

    def prepare_value(self, value: Any) -> Any:
        return f"{value:,}".replace(",", ".") if isinstance(value, int) and not isinstance(value, bool) else value


class Day(DateParts):
    """A day kept as `2026-01-31`."""

    def clean(self, value: Any) -> Any:
        found = super().clean(value)
        return found.isoformat() if isinstance(found, date) else None


class FactsForm(forms.Form):
    """What must be published about a procedure, apart from its lists."""

    mark_optional = False

    name = _text(_("Name of the procedure"), _("As in the decision that publishes it."), rows=2, most=400)
    domain = forms.ChoiceField(label=_("Field of law"), required=False)
    new_domain = _line(_("Name of the other field of law"), most=120)
    decision = _line(_("Decision that publishes it"), _("Number and symbol, such as 56/QĐ-BXD."), most=60, width="20")
    audience = _text(
        _("Who may ask for it"),
        _("Such as: citizens of Vietnam; households; businesses. Separate with semicolons."),
        rows=2,
        most=300,
    )
    level = forms.ChoiceField(label=_("Level at which it is decided"), required=False, widget=forms.RadioSelect)
    agency_name = _text(_("Competent agency"), _("As people read it on the page of the procedure."), rows=2, most=300)
    agency_function = forms.ChoiceField(
        label=_("Which agencies these are in the tree of offices"),
        help_text=_("For a procedure of the ward leave it open: every ward with a one-stop centre receives it."),
        required=False,
    )
    limit_value = _whole(_("Time limit"), least=0)
    limit_unit = forms.ChoiceField(label=_("counted in"), required=False, choices=Version.LimitUnit.choices)
    limit_text = _text(
        _("Time limit in words"),
        _("What the law says, with when it starts and what depends on the circumstance."),
        rows=2,
        most=300,
    )
    same_day = forms.BooleanField(
        label=_("Answered on the same day"),
        help_text=_("What is received after 15:00 is answered on the next working day."),
        required=False,
    )
    limit_restarts = forms.BooleanField(
        label=_("The limit counts anew after a supplement"),
        help_text=_(
            "Only where the law says so. Else the clock stands still while the applicant completes the case, and goes on."
        ),
        required=False,
    )
    conditions = _text(_("Requirements and conditions"), _("Leave empty when the law sets none."), rows=5)
    result_name = _line(_("Outcome"), _("Name of the document that people receive."), most=200)
    result_code = _line(_("Code of the outcome"), _("In the national list, such as KQ.G17.000311."), most=20, width="20")
    source = _line(_("Where this text comes from"), _("Shown under the legal basis."), most=300)
    minutes_needed = _whole(
        _("Minutes needed to fill in"),
        _("Shown before filing begins. Leave empty to have it estimated from the form."),
        least=1,
        most=600,
    )
    life_events = forms.MultipleChoiceField(
        label=_("Events of life"),
        help_text=_("People who do not know the name of a procedure look for it here."),
        required=False,
        widget=forms.CheckboxSelectMultiple(attrs={"mc-small": True}),
    )

    PLAIN: ClassVar[tuple[str, ...]] = (
        "name",
        "decision",
        "audience",
        "level",
        "agency_name",
        "agency_function",
        "limit_value",
        "limit_unit",
        "limit_text",
        "same_day",
        "limit_restarts",
        "conditions",
        "result_name",
        "result_code",
        "source",
        "minutes_needed",
        "life_events",
    )
    """Fields that are keys of the content."""

    def __init__(self, data: Any = None, *, content: Mapping[str, Any], domains: Sequence[Domain], functions: Any) -> None:
        self.known = {domain.slug: {"slug": domain.slug, "name": domain.name, "position": domain.position} for domain in domains}
        own = content.get("domain") or {}
        if own.get("slug") and own.get("name"):
            self.known.setdefault(own["slug"], own)
        initial = {key: content.get(key) for key in self.PLAIN} | {"domain": own.get("slug", "")}
        super().__init__(data, initial=initial)
        in_order = sorted(self.known.items(), key=lambda item: words(str(item[1]["name"])))
        self._choices(
            "domain", [("", _("Not chosen yet")), *((slug, one["name"]) for slug, one in in_order), (OTHER, _("Another"))]
        )
        self._choices("level", Version.Level.choices)
        chosen = content.get("agency_function") or ""
        offered = [*functions] if not chosen or chosen in dict(functions) else [*functions, (chosen, chosen)]
        self._choices("agency_function", [("", _("Not one kind of agency (ward)")), *offered])
        self._choices("life_events", [(event.slug, gettext(event.name)) for event in LIFE_EVENTS])

    def _choices(self, name: str, choices: Sequence[tuple[str, Any]]) -> None:
        field = self.fields[name]
        assert isinstance(field, forms.ChoiceField)
        field.choices = list(choices)

    def clean(self) -> dict[str, Any]:
        """A field of law that is not in the list needs a name."""
        cleaned = super().clean() or {}
        if cleaned.get("domain") == OTHER and not cleaned.get("new_domain"):
            self.add_error("new_domain", _("Enter the name of the field of law."))
        return cleaned

    def changes(self) -> dict[str, Any]:
        """The parts of the content that this form holds. After is_valid()."""
        chosen = self.cleaned_data["life_events"]
        before = [slug for slug in self.initial["life_events"] or [] if slug in chosen]
        events = [*before, *(slug for slug in chosen if slug not in before)]
        return {
            **{key: self.cleaned_data[key] for key in self.PLAIN},
            "life_events": events,
            "domain": self.chosen_domain(),
        }

    def chosen_domain(self) -> dict[str, Any]:
        """The chosen field of law."""
        return _domain(self.cleaned_data, self.known)


def _domain(cleaned: Mapping[str, Any], known: Mapping[str, Mapping[str, Any]]) -> dict[str, Any]:
    if cleaned["domain"] != OTHER:
        return dict(known.get(cleaned["domain"], {"slug": "", "name": "", "position": 0}))
    slug = "-".join(word.replace(".", "-") for word in words(cleaned["new_domain"]))[:60].strip("-")
    return dict(known.get(slug, {"slug": slug, "name": cleaned["new_domain"], "position": 99}))


class ChannelForm(RowForm):
    """One way to file. Not ticked: it is not offered, whatever stands below."""

    offered = forms.BooleanField(required=False)
    time_text = _line(_("Time limit in words"))
    fee_text = _line(_("Fee in words"))
    note = _text(_("What else to know"), rows=2, most=1000)

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.channel = str(self.prefix).removeprefix("channels-")
        self.number: int | None = None
        self.fields["offered"].label = str(CHANNELS[self.channel][0])

    @property
    def place(self) -> str:
        """Ways to file have no key: their place is their number in the content; one that is not offered has none."""
        return f"channels.{self.channel if self.number is None else self.number}"

    def item(self) -> dict[str, Any]:
        """The way to file as the content holds it."""
        texts = {name: self.cleaned_data[name] for name in ("time_text", "fee_text", "note")}
        return {"channel": self.channel, **texts}


class LineForm(RowForm):
    """One text of a list of texts."""

    text = _text("", rows=2)

    @classmethod
    def read(cls, item: Any) -> dict[str, Any]:
        return {"text": item}


class StepTextForm(LineForm):
    """One step as people read it."""

    text = _text(_("Step"), rows=3)


class LegalBasisForm(LineForm):
    """One law, decree or circular."""

    text = _text(_("Legal document"), rows=2)


class CircumstanceForm(RowForm):
    """One circumstance."""

    label = _line(
        _("Name of the circumstance"), _("As people would say it: “The child has a birth certificate of the hospital”.")
    )
    help = _text(_("How to recognise it"), rows=2, most=2000)
    limit_value = _whole(_("Its own time limit"), _("Only if it differs from that of the procedure."))
    limit_unit = forms.ChoiceField(label=_("counted in"), required=False, choices=[*reversed(Version.LimitUnit.choices)])

    @classmethod
    def read(cls, item: Any) -> dict[str, Any]:
        limit = item.get("limit") or {}
        return {
            **super().read(item),
            "limit_value": limit.get("value"),
            "limit_unit": limit.get("unit") or Version.LimitUnit.CALENDAR_DAY,
        }

    def owned(self) -> frozenset[str]:
        return frozenset({"label", "help", "limit"})

    def item(self) -> dict[str, Any]:
        """The circumstance; without a limit of its own the key is left out."""
        cleaned = self.cleaned_data
        made: dict[str, Any] = {"label": cleaned["label"], "help": cleaned["help"]}
        if cleaned["limit_value"]:
            made["limit"] = {"value": cleaned["limit_value"], "unit": cleaned["limit_unit"] or Version.LimitUnit.WORKING_DAY}
        return made


class ByCircumstance(RowForm):
    """A row that may be for some circumstances only. None ticked: for all."""

    circumstances = forms.MultipleChoiceField(
        label=_("Only in these circumstances"),
        help_text=_("None ticked: in all of them."),
        required=False,
        widget=forms.CheckboxSelectMultiple(attrs={"mc-small": True}),
    )

    def __init__(self, *args: Any, circumstances: Sequence[Mapping[str, Any]], **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        field = self.fields["circumstances"]
        assert isinstance(field, forms.MultipleChoiceField)
        field.choices = [(str(one.get("key")), str(one.get("label") or one.get("key"))) for one in circumstances]
        if not circumstances:
            del self.fields["circumstances"]

    def item(self) -> dict[str, Any]:
        return {"circumstances": [], **super().item()}


class DocumentForm(ByCircumstance):
    """One paper."""

    name = _text(_("Name of the paper"), rows=2, most=1000)
    help = _text(_("Explanation"), _("What it must show, when it is needed, what to do without it."), rows=2, most=4000)
    required = forms.BooleanField(
        label=_("Always needed"), help_text=_("Not ticked: only if it applies to the applicant."), required=False
    )
    electronic = forms.ChoiceField(
        label=_("What one does with it online"),
        required=False,
        initial="upload",
        widget=forms.RadioSelect,
        choices=[
            ("upload", _("Upload a photo or scan")),
            ("form", _("Nothing: it is made from the online form")),
            ("show", _("Nothing: it is only shown, or the office looks it up")),
        ],
    )
    max_files = _whole(_("Files one may upload at most"), least=1, most=20)
    originals = _whole(_("Originals at the counter"), most=50)
    copies = _whole(_("Copies at the counter"), most=50)
    form_code = _line(_("Statutory form"), _("Number of the form and the document that issues it."))
    replaced_by = _line(
        _("Database in which the office looks first"),
        _("Then the applicant need not hand it in (Nghị quyết 66.7/2025/NQ-CP)."),
    )

    @classmethod
    def read(cls, item: Any) -> dict[str, Any]:
        return {"electronic": "upload", **super().read(item)}

    def item(self) -> dict[str, Any]:
        """The paper; numbers that were left empty are none, the number of files is left out."""
        made = super().item()
        made["electronic"] = made["electronic"] or "upload"
        made |= {name: made[name] or 0 for name in ("originals", "copies")}
        return made if made["max_files"] else {name: value for name, value in made.items() if name != "max_files"}


class FeeForm(ByCircumstance):
    """One line of the tariff."""

    label = _line(_("Name of the fee"))
    amount = Amount(
        label=_("Amount"),
        help_text=_("0: free. Empty: as the note says."),
        required=False,
        widget=forms.TextInput(attrs={"mc-width": "10", "mc-suffix": "đồng", "inputmode": "numeric"}),
    )
    unit = _line(_("for each"), _("Such as: permit, copy, page."), most=60, width="10")
    channel = forms.ChoiceField(label=_("Way to file"), required=False)
    since = Day(label=_("First day"), help_text=_("Empty: has always been so."), required=False)
    until = Day(label=_("Last day"), help_text=_("Empty: without end."), required=False)
    set_by_province = forms.BooleanField(label=_("Set by the People's Council of the province"), required=False)
    note = _text(_("Note"), _("Who need not pay, how it is worked out, which document sets it."), rows=2, most=2000)
    key = _line(
        _("Belongs to the fee"),
        _("Lines with the same short name are one fee: the line for the chosen way to file stands before the general one."),
        most=40,
        width="20",
    )

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        field = self.fields["channel"]
        assert isinstance(field, forms.ChoiceField)
        field.choices = [("", _("Every way")), *((key, label) for key, (label, _icon) in CHANNELS.items())]

    def clean_key(self) -> str:
        """A short name in small letters."""
        return "-".join(word.replace(".", "-") for word in words(self.cleaned_data["key"]))[:40].strip("-")

    def clean(self) -> dict[str, Any]:
        """The last day is not before the first."""
        cleaned = super().clean() or {}
        since, until = cleaned.get("since"), cleaned.get("until")
        if since and until and until < since:
            self.add_error("until", _("The last day is before the first."))
        return cleaned

    def item(self) -> dict[str, Any]:
        """The line, with nothing where it applies to all."""
        made = super().item()
        return {**made, "channel": made["channel"] or None}


class QuestionForm(RowForm):
    """One question asked before filing."""

    question = _text(_("Question"), _("Answered with yes or no."), rows=2, most=500)
    help = _text(_("Explanation"), rows=2, most=2000)
    answer_needed = YesNo(label=_("Which answer fits?"), required=False)
    refusal = _text(_("What is said when the answer does not fit"), _("Say what the person can do instead."), rows=2, most=2000)
    stops = forms.ChoiceField(
        label=_("And then"),
        required=False,
        initial="yes",
        widget=forms.RadioSelect,
        choices=[("yes", _("Filing does not go on")), ("no", _("It is only a warning; filing goes on"))],
    )
    after = forms.ChoiceField(label=_("Asked only if an earlier question"), required=False)
    after_answer = YesNo(label=_("was answered with"), required=False)

    KEPT = "*"
    """Choice that leaves a condition as it is which these inputs cannot say."""

    def __init__(self, *args: Any, earlier: Sequence[Mapping[str, Any]], **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        field = self.fields["after"]
        assert isinstance(field, forms.ChoiceField)
        said = [(str(one.get("key")), str(one.get("question") or one.get("key"))) for one in earlier]
        own = str(self._first("was") or "")
        before = said[: [key for key, _text in said].index(own)] if own in dict(said) else said
        field.choices = [("", _("Always asked")), *before]
        chosen = str(self._first("after") or "")
        if chosen == self.KEPT:
            field.choices = [*field.choices, (self.KEPT, _("Under a combined condition, which stays as it is"))]
        elif chosen and chosen not in dict(before):
            # It was moved before the one it depends on, or that is gone: the rules say so, and nothing is dropped unseen.
            field.choices = [*field.choices, (chosen, dict(said).get(chosen, chosen))]
        if not before and not chosen:
            del self.fields["after"], self.fields["after_answer"]

    def _first(self, name: str) -> Any:
        return self.data.get(f"{self.prefix}-{name}") if self.is_bound else self.initial.get(name)

    @classmethod
    def read(cls, item: Any) -> dict[str, Any]:
        after, answer = _simple(item.get("when"), cls.KEPT)
        stops = "no" if item.get("stops") is False else "yes"
        needed = item.get("answer_needed", True)
        return {**super().read(item), "answer_needed": needed, "stops": stops, "after": after, "after_answer": answer}

    def owned(self) -> frozenset[str]:
        kept = self.cleaned_data.get("after") == self.KEPT
        return frozenset({"question", "help", "refusal", "answer_needed", "stops"} | (set() if kept else {"when"}))

    def item(self) -> dict[str, Any]:
        """The question; `when` is left out when it stays as it is."""
        cleaned = self.cleaned_data
        made: dict[str, Any] = {name: cleaned[name] for name in ("question", "help", "refusal")}
        made["answer_needed"] = cleaned["answer_needed"]
        made["stops"] = cleaned["stops"] != "no"
        after = cleaned.get("after", "")
        if after != self.KEPT:
            made["when"] = {"==": [{"var": after}, cleaned.get("after_answer") is not False]} if after else None
        return made


def _simple(when: Any, kept: str) -> tuple[str, bool | None]:
    """Question and answer of a condition on one earlier answer."""
    match when:
        case None:
            return "", None
        case {"==": [{"var": str(key)}, bool(answer)]} if len(when) == 1:
            return key, answer
    return kept, None


class NewForm(forms.Form):
    """A procedure that is not in the catalogue yet."""

    code = forms.CharField(
        label=_("Code of the procedure"),
        help_text=_("In the national database, such as 1.013225."),
        max_length=30,
        widget=forms.TextInput(attrs={"mc-width": "20", "autocapitalize": "none", "spellcheck": "false"}),
    )
    name = forms.CharField(
        label=_("Name of the procedure"),
        help_text=_("As in the decision that publishes it."),
        max_length=400,
        widget=forms.Textarea(attrs={"mc-rows": 2, "mc-count": False}),
    )
    domain = forms.ChoiceField(label=_("Field of law"))
    new_domain = forms.CharField(
        label=_("Name of the other field of law"),
        help_text=_("Only where you chose “Another” above."),
        required=False,
        max_length=120,
    )
    level = forms.ChoiceField(
        label=_("Level at which it is decided"), widget=forms.RadioSelect, choices=Version.Level.choices, initial="ward"
    )

    mark_optional = False

    def __init__(self, data: Any = None, *, domains: Sequence[Domain]) -> None:
        super().__init__(data)
        self.known = {domain.slug: {"slug": domain.slug, "name": domain.name, "position": domain.position} for domain in domains}
        field = self.fields["domain"]
        assert isinstance(field, forms.ChoiceField)
        field.choices = [("", _("Choose")), *((domain.slug, domain.name) for domain in domains), (OTHER, _("Another"))]

    def clean_code(self) -> str:
        """A code of the national database."""
        code = str(self.cleaned_data["code"]).strip().upper()
        if not CODE.fullmatch(code):
            raise ValidationError(_("A procedure code looks like 1.013225."), code="code")
        return code

    def clean(self) -> dict[str, Any]:
        """A field of law that is not in the list needs a name."""
        cleaned = super().clean() or {}
        if cleaned.get("domain") == OTHER and not cleaned.get("new_domain"):
            self.add_error("new_domain", _("Enter the name of the field of law."))
        return cleaned

    def given(self) -> dict[str, Any]:
        """The parts of the content that are known from the start."""
        cleaned = self.cleaned_data
        return {"name": cleaned["name"], "level": cleaned["level"], "domain": _domain(cleaned, self.known)}


class ImportForm(forms.Form):
    """A procedure from a file that the editor exported."""

    file = forms.FileField(
        label=_("File"),
        help_text=_("One procedure, as it was exported here or at another agency (.json, 3 MB at most)."),
        widget=forms.FileInput(attrs={"accept": ".json,application/json"}),
    )

    def clean_file(self) -> UploadedFile:
        """Not larger than any procedure is."""
        file: UploadedFile = self.cleaned_data["file"]
        if file.size is None or file.size > LARGEST_PACKAGE:
            raise ValidationError(_("The file is too large to be one procedure."), code="large")
        return file


class ProposeForm(forms.Form):
    """What the second person should know, and from when the version is to apply."""

    mark_optional = False

    note = forms.CharField(
        label=_("What was changed, and why"),
        help_text=_("For the person who approves it. Name the decision if there is one."),
        max_length=4000,
        widget=forms.Textarea(attrs={"mc-rows": 4, "mc-count": False}),
    )
    starts_on = DateParts(
        label=_("From which day it applies"),
        help_text=_("Empty: as soon as it is approved. Cases filed before stay on the version they were filed under."),
        required=False,
    )


class SendBackForm(forms.Form):
    """Why the version is not approved."""

    answer = forms.CharField(
        label=_("What has to be put right"),
        max_length=4000,
        widget=forms.Textarea(attrs={"mc-rows": 3, "mc-count": False}),
    )


class RetireForm(forms.Form):
    """The end of a procedure."""

    mark_optional = False

    on = DateParts(
        label=_("First day on which it can no longer be filed"),
        help_text=_("Cases that were filed before are finished as usual."),
    )
    reason = forms.CharField(label=_("Decision that ends it"), help_text=_("Shown on the page of the procedure."), max_length=300)
    replaced_by = forms.CharField(
        label=_("Code of the procedure that takes its place"),
        help_text=_("If there is one; its page is linked."),
        required=False,
        max_length=30,
        widget=forms.TextInput(attrs={"mc-width": "20"}),
    )
    sure = forms.BooleanField(label=_("I have checked the day and the decision"))

    def __init__(self, data: Any = None, *, procedure: Procedure) -> None:
        super().__init__(data)
        self.procedure = procedure

    def clean_replaced_by(self) -> Procedure | None:
        """Another procedure that can be filed."""
        code = str(self.cleaned_data["replaced_by"]).strip().upper()
        if not code:
            return None
        found = Procedure.objects.filter(code=code, current__isnull=False).exclude(pk=self.procedure.pk).first()
        if found is None:
            raise ValidationError(_("There is no other published procedure with this code."), code="unknown")
        return found


class ListFilter(forms.Form):
    """Filters of the editor's lists. Addresses with anything odd in them show the unfiltered list rather than an error."""

    mark_optional = False

    q = forms.CharField(
        label=_("Code or name"),
        required=False,
        max_length=120,
        widget=forms.SearchInput(attrs={"autocomplete": "off", "enterkeyhint": "search"}),
    )
    lv = forms.ChoiceField(label=_("Field of law"), required=False)
    xep = forms.ChoiceField(label=_("Order"), required=False)

    def __init__(self, data: Any, domains: Sequence[tuple[str, str]], orders: Sequence[tuple[str, Any]]) -> None:
        super().__init__(data)
        for name, choices in (("lv", [("", _("All fields of law")), *domains]), ("xep", orders)):
            field = self.fields[name]
            assert isinstance(field, forms.ChoiceField)
            field.choices = list(choices)

    def chosen(self, name: str) -> str:
        """The value of a filter, empty when there is none."""
        self.is_valid()
        return str(self.cleaned_data.get(name, ""))


class CalculatorForm(forms.Form):
    """For what the fees are worked out."""

    mark_optional = False

    kenh = forms.ChoiceField(label=_("Way to file"), required=False)
    truong_hop = forms.ChoiceField(label=_("Circumstance"), required=False)
    ngay = DateParts(label=_("On the day"), required=False)

    def __init__(self, data: Any, *, circumstances: Sequence[Mapping[str, Any]], channels: Sequence[str], today: date) -> None:
        super().__init__(data, initial={"ngay": today})
        self.fields["kenh"].choices = [(key, CHANNELS[key][0]) for key in CHANNELS if key in channels]  # type: ignore[attr-defined]
        said = [(str(one.get("key")), str(one.get("label") or one.get("key"))) for one in circumstances]
        self.fields["truong_hop"].choices = said  # type: ignore[attr-defined]
        if not said:
            del self.fields["truong_hop"]
