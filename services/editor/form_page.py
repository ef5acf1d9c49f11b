"""What the form builder shows: the outline, the settings of the chosen page or question, what can be added."""

import json
from collections.abc import Mapping
from dataclasses import dataclass, field
from typing import Any

from django.http import HttpRequest, HttpResponse
from django.urls import reverse
from django.utils.translation import gettext as _

from services.catalogue.models import VersionDraft
from services.editor import form_editing as editing
from services.editor.asking import Question, questions
from services.editor.building import print_of
from services.editor.choices_form import ChoicesForm
from services.editor.condition_form import ConditionForm
from services.editor.condition_words import condition_text
from services.editor.field_forms import FieldSettings, FormSettings, PageSettings
from services.editor.form_editing import Form, Impossible, Path, path_text, said
from services.editor.formula_form import FormulaForm
from services.editor.kind_words import KindWords, families, kind_words, option_name
from services.editor.pages import show
from services.forms.form import row_operands
from services.forms.kinds import COLUMNS, KINDS, OUTSIDE_GROUPS, Kind

MOST_SHOWN = 8
"""Problems listed at once; the check page has all."""


@dataclass(frozen=True, slots=True)
class Entry:
    """One line of the outline."""

    path: str
    id: str
    mark: str
    label: str
    kind: KindWords | None
    depth: int
    href: str
    chosen: bool
    problems: int
    conditional: bool
    optional: bool
    first: bool
    last: bool
    key: str


@dataclass
class Chosen:
    """The page or question whose settings are shown, with the parts of its settings."""

    path: Path
    item: Mapping[str, Any]
    settings: FieldSettings | PageSettings
    condition: ConditionForm
    choices: ChoicesForm | None = None
    formula: FormulaForm | None = None
    drawn: str = ""
    """Print of the item when the page was drawn that was sent now."""
    problems: list[str] = field(default_factory=list)

    @property
    def is_page(self) -> bool:
        """Whether it is a page."""
        return len(self.path) == 1

    @property
    def key(self) -> str:
        """Its key, as it is kept."""
        return str(self.item.get("key") or "")

    @property
    def print(self) -> str:
        """What it was when the page was drawn."""
        return self.drawn or print_of(shallow(self.item))

    @property
    def rearranged(self) -> bool:
        """Whether a button asked for other inputs, and nothing is to be saved."""
        return any(part is not None and part.rearranged for part in (self.condition, self.choices, self.formula))

    def is_valid(self) -> bool:
        """Whether everything that was typed can be kept."""
        good = [self.settings.is_valid()]
        self.condition.condition()
        good.append(not self.condition.error)
        if self.choices is not None:
            good.append(self.choices.is_valid())
        if self.formula is not None:
            self.formula.value()
            good.append(not self.formula.error)
        return all(good)

    def changes(self) -> dict[str, Any]:
        """The settings to keep, after is_valid()."""
        made = {**self.settings.settings(), "when": self.condition.condition()}
        if self.choices is not None:
            made["choices"] = self.choices.choices()
        if self.formula is not None:
            made["formula"] = self.formula.value()
        return made


def shallow(item: Mapping[str, Any]) -> dict[str, Any]:
    """The item without the questions it holds: those are edited for themselves."""
    return {name: value for name, value in item.items() if name != "fields"}


def existing(kept: Form, path: Path) -> Path:
    """The path, or as much of it as there is."""
    while path:
        try:
            editing.at(kept, path)
        except Impossible:
            path = path[:-1]
        else:
            return path
    return ()


def written(value: object) -> str:
    return json.dumps(value, ensure_ascii=False, indent=1)


def chosen_of(kept: Form, path: Path, data: Any = None, button: str = "") -> Chosen:
    """The settings of a page or question: as kept, or with `data` as typed."""
    item = editing.at(kept, path)
    part, _colon, pressed = button.partition(":")
    known = _questions_before(kept, path)
    if data is None:
        condition = ConditionForm.of(item.get("when"), known)
    else:
        condition = ConditionForm.typed(data, known, pressed if part == "dk" else "")
    if len(path) == 1:
        return Chosen(path, item, PageSettings(kept, path, item, data), condition)
    made = Chosen(path, item, FieldSettings(kept, path, item, data), condition)
    options = KINDS[Kind(item["kind"])].options if item.get("kind") in KINDS else {}
    if "choices" in options:
        given = item.get("choices")
        made.choices = ChoicesForm.of(given) if data is None else ChoicesForm.typed(data, given, pressed if part == "lc" else "")
    if "formula" in options:
        names = _questions_for_formulas(kept, path)
        given = item.get("formula")
        made.formula = (
            FormulaForm.of(given, names) if data is None else FormulaForm.typed(data, names, pressed if part == "ct" else "")
        )
    return made


def _questions_before(kept: Form, path: Path) -> dict[str, Question]:
    """What the condition of a page or question may ask about."""
    return questions(editing.mended(editing.before(kept, path)).definition)


def _questions_for_formulas(kept: Form, path: Path) -> dict[str, Question]:
    """What a formula may name: every answer but its own, groups and columns."""
    definition = editing.mended(kept).definition
    if definition is None:
        return {}
    known = {**definition.operands(), **row_operands(definition.fields())}
    if len(path) == 3:
        known |= {name: one.operand for name, one in _questions_before(kept, path).items()}
    own = str(editing.at(kept, path).get("key"))
    return {name: one for name, one in questions(definition, known).items() if own not in name.split(".")}


def new_question(kept: Form, where: Path, data: Any = None) -> dict[str, Any]:
    """Adding a question after or into what `where` names."""
    where = where or ((len(kept["pages"]) - 1,) if kept["pages"] else ())
    allowed = None
    if where and len(where) > 1:
        holder = editing.at(kept, where[:2])
        inside = len(where) == 3 or editing.is_group(holder)
        if inside:
            short = holder.get("kind") == Kind.TABLE
            allowed = frozenset(str(kind) for kind in (COLUMNS if short else set(KINDS) - OUTSIDE_GROUPS))
    return {
        "adding": path_text(where),
        "adding_to": said(editing.at(kept, where).get("label") or editing.at(kept, where).get("title")) if where else "",
        "adding_inside": bool(where) and (len(where) == 1 or (len(where) == 2 and allowed is not None)),
        "families": families(allowed),
        "typed": data,
        "path": where,
    }


def builder(request: HttpRequest, draft: VersionDraft, context: Mapping[str, Any], status: int = 200) -> HttpResponse:
    kept = draft.content.get("form")
    if context.get("unreadable") or not isinstance(kept, dict):
        return show(request, draft, "editor/form.html", context, status=status)
    chosen: Chosen | None = context.get("chosen")
    path: Path = chosen.path if chosen else context.get("path", ())
    found = [(*editing.place_of(problem.place), str(problem.message)) for problem in editing.problems(kept)]
    if chosen:
        chosen.problems = [_told(chosen, option, text) for at, option, text in found if at == chosen.path][:MOST_SHOWN]
    mended = editing.mended(kept)
    index = path[0] if path else 0
    around = {
        "entries": _outline(draft, kept, path, found),
        "form_settings": context.get("form_settings") or FormSettings(kept),
        "form_problems": [text for at, _option, text in found if not at],
        "whole": context.get("whole") or written(kept),
        "whole_print": print_of(kept),
        "preview_href": reverse("editor_form_preview", args=[draft.key, index]) if kept["pages"] else "",
        "said": condition_text(chosen.item.get("when"), mended.definition) if chosen else "",
        "formula_said": condition_text(chosen.item.get("formula"), mended.definition) if chosen and chosen.formula else "",
        "page_choices": [(n, said(page.get("title")) or str(page.get("key"))) for n, page in enumerate(kept["pages"])],
        "path_text": path_text(path),
        **(_moving(draft, kept, chosen) if chosen else {}),
    }
    return show(request, draft, "editor/form.html", {**around, **context}, status=status)


def _told(chosen: Chosen, option: str, text: str) -> str:
    """A problem with the name of the setting it is about."""
    name = option.partition("/")[0]
    if not name or name in {"label", "key", "kind", "fields", "title"}:
        return text
    if name == "when":
        return _("Condition: %(problem)s") % {"problem": text}
    values = (
        chosen.settings.options[name].values
        if isinstance(chosen.settings, FieldSettings) and name in chosen.settings.options
        else ""
    )
    label = {"choices": _("Answers to choose from"), "formula": _("Formula")}.get(name) or option_name(
        str(chosen.item.get("kind")), name, values
    )
    return f"{label}: {text}"


def _moving(draft: VersionDraft, kept: Form, chosen: Chosen) -> dict[str, Any]:
    """Where the chosen item can go, and who needs it."""
    path, item = chosen.path, chosen.item
    holders = [
        (path_text(at), said(one.get("label")) or str(one.get("key")))
        for at, one in editing.fields_of(kept)
        if len(at) == 2 and editing.is_group(one) and at != path and at != path[:2]
    ]
    can_be_inside = not chosen.is_page and not editing.is_group(item) and item.get("kind") not in OUTSIDE_GROUPS
    neighbours = editing.siblings(kept, path)[path[-1] :] if len(path) == 2 else []
    return {
        "kind": None if chosen.is_page else kind_words(item.get("kind")),
        "holders": holders if can_be_inside else [],
        "groupable": [(path[1] + n, said(one.get("label"))) for n, one in enumerate(neighbours)]
        if can_be_inside and len(path) == 2
        else [],
        "group_kinds": [kind_words(str(kind)) for kind in (Kind.GROUP, Kind.TABLE)],
        "is_group": not chosen.is_page and editing.is_group(item),
        "inside": len(path) == 3,
        "other_pages": [] if chosen.is_page else [n for n in range(len(kept["pages"])) if n != path[0]],
        "kinds": families() if not chosen.is_page else [],
        "uses": _uses(draft, chosen),
    }


def _uses(draft: VersionDraft, chosen: Chosen) -> list[tuple[str, str]]:
    """Who asks for the answer: words and an address."""
    if chosen.is_page or not chosen.key:
        return []
    here = reverse("editor_form", args=[draft.key])
    found = []
    for use in editing.uses(draft.content, chosen.key):
        if use.section == "form":
            found.append((_("Condition or formula of “%(name)s”") % {"name": use.name}, f"{here}?o={path_text(use.path)}"))
        elif use.section == "route":
            text = _("Step “%(name)s” of the route") % {"name": use.name}
            found.append((text, f"{reverse('editor_route', args=[draft.key])}?o=route.{use.name}"))
        elif use.section == "outcome":
            found.append((_("The outcome"), reverse("editor_outcome", args=[draft.key])))
        else:
            found.append((_("Whom or what a case is about"), here))
    return found


def _outline(draft: VersionDraft, kept: Form, path: Path, found: list[tuple[Path, str, str]]) -> list[Entry]:
    here = reverse("editor_form", args=[draft.key])
    entries = []
    marks: set[str] = set()
    pages = len(kept["pages"])
    for at, item in editing.walk(kept):
        key = str(item.get("key") or "")
        mark = f"{'trang-' if len(at) == 1 else ''}{key}"
        if not mark.replace("-", "").replace("_", "").isalnum() or mark in marks:
            mark = path_text(at).replace(".", "-")
        marks.add(mark)
        inner = editing.siblings(kept, at)
        title = said(item.get("label")) or said(item.get("title")) or said(item.get("help"))
        entries.append(
            Entry(
                path=path_text(at),
                id=f"form{editing.pointer_of(at)}".replace("/", "-"),
                mark=mark,
                label=title or key or _("without words"),
                kind=None if len(at) == 1 else kind_words(item.get("kind")),
                depth=len(at),
                href=f"{here}?o={path_text(at)}",
                chosen=at == path,
                problems=sum(one == at for one, _option, _text in found),
                conditional=item.get("when") is not None,
                optional=item.get("required") is False,
                first=at[-1] == 0 and (len(at) != 2 or at[0] == 0),
                last=at[-1] == len(inner) - 1 and (len(at) != 2 or at[0] == pages - 1),
                key=key,
            )
        )
    return entries
