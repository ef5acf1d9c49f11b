"""Everything the official's case page shows."""

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any

from django.http import Http404, HttpRequest

from identity.offices.powers import CASE_POWERS, Power
from identity.offices.queries import powers_of
from identity.people.access import person_of
from identity.people.models import Person
from identity.trail.queries import looks_at
from services.cases import actions, lifecycle, queries
from services.cases.behalf_pages import represented
from services.cases.models import Case, WorkItem
from services.cases.officials.course_parts import case_menu, consults_of, page_of
from services.cases.officials.deadline_parts import deadline_part
from services.cases.officials.desk_parts import assignment_part
from services.cases.officials.forms import ActionForm
from services.cases.officials.history import answer_text, history_of
from services.cases.officials.labels_parts import labels_part
from services.cases.officials.note_forms import NoteForm
from services.cases.officials.queue_parts import neighbours
from services.cases.officials.queue_views import standing_of
from services.cases.officials.thread_parts import thread_part
from services.cases.officials.viewer import issued_of, papers_of, viewer_of
from services.cases.officials.wording import PAGES, Wording, wording
from services.cases.queries import ActionChoice, desk
from services.cases.queries.fields import own_form, step_notes, unfilled
from services.cases.queries.notes import notes_of
from services.cases.queries.page import events_of
from services.cases.queries.visits import news_of
from services.cases.thread_writing import Writing

LOOKS_SHOWN = 20


@dataclass(frozen=True, slots=True)
class Button:
    """Something that can be done with a held item. With a form it is done on the case page itself."""

    name: str
    words: Wording
    href: str
    primary: bool
    form: ActionForm | None


@dataclass(frozen=True, slots=True)
class Desk:
    """One open item of the case at one of the person's desks; `fields`: its step asks the office questions of its own."""

    item: WorkItem
    band: str
    left: int
    mine: bool
    may_release: bool
    waiting: bool
    buttons: list[Button]
    fields: bool
    unfilled: int


@dataclass(frozen=True, slots=True)
class Typed:
    """What was typed and refused, to be kept on the page: the note of an action, a note for colleagues, a message."""

    action_note: str = ""
    note: NoteForm | None = None
    message: Writing | None = None


def case_of(request: HttpRequest, number: str) -> Case:
    """The case the address names; 404 for a stranger's."""
    try:
        return queries.case_for_official(person_of(request), number)
    except Case.DoesNotExist:
        raise Http404 from None


def whole(request: HttpRequest, case: Case, typed: Typed = Typed()) -> dict[str, Any]:
    """The page: what each topic shows, one after another."""
    person = person_of(request)
    events = events_of(case)
    news = news_of(events, actions.look(case, person, events), person)
    documents = queries.documents_of(case, for_resident=False)
    items = queries.items_of(case)
    definition = queries.definition_of(case)
    papers = papers_of(case, queries.attachments_of(case), definition, news)
    issued = issued_of(case, documents)
    steps = queries.progress(case, items)
    powers = powers_of(person)
    return {
        **_work(case, person, items, typed.action_note),
        **assignment_part(items, person),
        **labels_part(case, person),
        **deadline_part(case, events),
        **represented(case),
        **thread_part(case, person, typed.message),
        **neighbours(request, case),
        "circumstance": next((one["label"] for one in case.version.circumstances if one["key"] == case.circumstance), ""),
        "sections": queries.sections(case),
        "before": {key: answer_text(definition, key, old)[1] for key, old in news.changes.items()},
        "news": news,
        "papers": papers,
        "viewer": viewer_of(request, case, papers, issued),
        "issued": issued,
        "application_form": queries.filed_form(case),
        "step_notes": step_notes(case, items),
        "notes": notes_of(case),
        "note_form": typed.note or NoteForm(),
        "may_note": "note" in queries.case_actions(case, person),
        "entries": history_of(
            case, queries.timeline(case, for_resident=False, events=events, documents=documents), definition, news
        ),
        "intact": queries.chain_is_intact(case, events),
        "consults": consults_of(items),
        "steps": steps,
        "steps_done": sum(step.status == "done" for step in steps),
        "steps_counted": sum(step.status != "skipped" for step in steps),
        "steps_now": [step for step in steps if step.status == "current"],
        "others": queries.earlier_cases(case, queries.cases_for_official(person)),
        "looks": looks_at(case.number or "", LOOKS_SHOWN) if powers.intersection({Power.LEAD, Power.SUPERVISE}) else None,
    }


def _work(case: Case, person: Person, items: list[WorkItem], note: str) -> Mapping[str, Any]:
    """What the person can do, and whose turn it is otherwise."""
    mine = queries.my_open_items(case, person)
    at_desk = {item.pk for item in mine}
    desks = [_desk(item, person, note) for item in mine]
    return {
        "case": case,
        "case_actions": case_menu(case, person),
        "desks": desks,
        "main": next((one for one in desks if one.mine), desks[0] if desks else None),
        "open_items": [item for item in items if item.state == WorkItem.State.OPEN],
        "elsewhere": [item for item in items if item.state == WorkItem.State.OPEN and item.pk not in at_desk],
        "moving": desk.is_moving(case),
        "promise": desk.promise_if_accepted_now(case) if _may_accept(desks) else None,
        "may_take_more": bool(powers_of(person).intersection(CASE_POWERS)),
        "typing": any(one.mine for one in desks),
        "is_closed": case.state in lifecycle.CLOSED,
        "unsent": note,
    }


def _may_accept(desks: list[Desk]) -> bool:
    return any(button.name == "accept" for one in desks for button in one.buttons)


def _desk(item: WorkItem, person: Person, note: str) -> Desk:
    band, left = standing_of(item)
    mine = item.claimed_by_id == person.pk
    return Desk(
        item=item,
        band=band,
        left=left,
        mine=mine,
        may_release=item.claimed_by_id is not None and (mine or desk.leads(person, item.office)),
        waiting=desk.is_waiting(item),
        buttons=[_button(item, choice, note) for choice in queries.actions_for(item, person)],
        fields=mine and own_form(item.case, item.step) is not None,
        unfilled=len(unfilled(item)) if mine else 0,
    )


def _button(item: WorkItem, choice: ActionChoice, note: str) -> Button:
    at_once = choice.primary and not choice.needs_password
    return Button(
        name=choice.name,
        words=wording(choice.name, item.kind),
        href=page_of(item, choice.name),
        primary=choice.primary,
        form=action_form(item, choice, place=str(item.pk), note=note) if at_once and choice.name not in PAGES else None,
    )


def action_form(item: WorkItem, choice: ActionChoice, data: Any = None, *, place: str = "", note: str = "") -> ActionForm:
    """The form of an action; `place` keeps apart the ids of several on one page."""
    assignees = queries.assignees_for(item) if choice.choose_assignee else []
    return ActionForm(
        data,
        choice=choice,
        words=wording(choice.name, item.kind),
        assignees=assignees,
        held=desk.open_work_of(item.office, assignees) if assignees else {},
        place=place,
        note=note,
    )
