"""Requests for a supplement: what can be asked about, what is open to the applicant, what was answered, what has run out."""

from copy import copy
from dataclasses import dataclass
from datetime import datetime
from uuid import UUID

from django.db.models import F
from django.utils.translation import gettext as _

from identity.people.models import Person
from portal.kit import clock
from services.cases import deadlines, lifecycle, supplements
from services.cases.models import Case, CaseAttachment, SupplementRequest
from services.cases.queries.authority import powers_on
from services.cases.queries.calendars import calendar_of
from services.cases.queries.resident import attachments_of, definition_of, needed_papers
from services.cases.supplements import OTHER_FILES, OTHER_PAPER, Item, ItemKind
from services.forms.definition import Definition
from services.forms.questions import input_id
from services.forms.readout import Section, readout

REMINDER_DAYS = 2
"""Working days before the time to answer is over at which the applicant is reminded."""
BATCH = 500


# What officials can ask about


@dataclass(frozen=True, slots=True)
class AskablePaper:
    """A paper or attachment question that takes files, with the names of those attached."""

    key: str
    name: str
    files: list[str]


@dataclass(frozen=True, slots=True)
class Askable:
    """Everything a request can name, as the applicant filed it."""

    sections: list[Section]
    papers: list[AskablePaper]

    @property
    def fields(self) -> dict[str, str]:
        """The questions by key."""
        return {row.field_key: row.label for section in self.sections for row in section.rows}

    @property
    def files(self) -> dict[str, str]:
        """The papers by key."""
        return {paper.key: paper.name for paper in self.papers}


def askable(case: Case) -> Askable:
    """What a request for a supplement may name. One query."""
    definition = definition_of(case)
    attached = attachments_of(case)
    asks = {one.key for one in definition.fields() if one.asks}
    sections = [
        Section(section.page_key, section.title, [row for row in section.rows if row.field_key in asks])
        for section in readout(definition, case.answers)
    ]
    named = [(paper.key, paper.name) for paper in needed_papers(case) if paper.upload]
    named += [(one.key, one.label.said()) for one in definition.attachments_shown(case.answers)]
    papers = [AskablePaper(key, name, [link.attachment.name for link in attached.get(key, [])]) for key, name in named]
    return Askable([section for section in sections if section.rows], papers)


def may_ask_again(case: Case) -> bool:
    """Whether a request is left: the one the law gives, or one a leader allowed."""
    return case.supplements < case.supplements_allowed


def may_allow(case: Case, person: Person) -> bool:
    """Whether the person may allow one more request now."""
    row = lifecycle.BY_NAME["allow_supplement"]
    if may_ask_again(case) or case.state not in row.sources or isinstance(row.who, lifecycle.Actor):
        return False
    return bool(row.who.intersection(powers_on(case, person)))


def requests_of(case: Case) -> list[SupplementRequest]:
    """Every request of the case, the first one first."""
    return list(case.supplement_requests.select_related("requested_by", "work_item__office").order_by("number"))


# What the applicant can answer


def open_request(case: Case) -> SupplementRequest | None:
    """The request the applicant has to answer now, if there is one."""
    if case.state != Case.State.SUPPLEMENT:
        return None
    newest = case.supplement_requests.select_related("work_item__office").order_by("-number").first()
    return newest if newest is not None and newest.answered_at is None else None


def answer_by(case: Case) -> datetime | None:
    """Until when the applicant is to answer; None when nothing is asked for."""
    request = open_request(case)
    return request.answer_by if request else None


@dataclass(frozen=True, slots=True)
class OpenPaper:
    """A paper that takes files now; `most` of them can be new."""

    key: str
    name: str
    help: str
    form_code: str
    most: int


@dataclass(frozen=True, slots=True)
class Answering:
    """A request while it is answered.

    `changed` is the case as it would be with what was answered so far: a copy that nothing may save. `form` is its form with the
    opened questions on a page apart; the answers to all others are those filed.
    """

    case: Case
    request: SupplementRequest
    items: list[Item]
    definition: Definition
    form: Definition
    changed: Case
    keys: list[str]

    @property
    def asks_anything(self) -> bool:
        """Whether there are questions to answer."""
        return bool(self.keys)

    def papers(self) -> list[OpenPaper]:
        """The papers that take files, in the order of the request."""
        known = {
            paper.key: OpenPaper(paper.key, paper.name, paper.help, paper.form_code, paper.max_files)
            for paper in needed_papers(self.case)
            if paper.upload
        }
        for answers in (self.case.answers, self.changed.answers):
            for one in self.definition.attachments_shown(answers):
                known[one.key] = OpenPaper(one.key, one.label.said(), one.help.said(), "", one.max_files)
        other, hint = _("Other papers that were asked for"), _("For what fits none of the papers above.")
        known[OTHER_PAPER] = OpenPaper(OTHER_PAPER, other, hint, "", OTHER_FILES)
        keys = supplements.opened_files(self.definition, self.case.answers, self.changed.answers, self.items)
        return [known[key] for key in keys if key in known]


def answering(case: Case) -> Answering | None:
    """What the applicant has to answer now and how far they are; None when nothing is asked for."""
    request = open_request(case)
    if request is None:
        return None
    definition = definition_of(case)
    items = supplements.items_of(request.items)
    asked = [one.key for one in items if one.kind is ItemKind.FIELD]
    keys = supplements.opened(definition, case.answers, request.answers, asked, clock.today())
    changed = copy(case)
    changed.answers = supplements.with_given(case.answers, request.answers, keys)
    changed.typed = request.typed
    said = {one.key: _("The office says: “%(text)s”") % {"text": one.text} for one in items if one.kind is ItemKind.FIELD}
    return Answering(case, request, items, definition, supplements.rearranged(definition, keys, said), changed, keys)


def new_files(case: Case) -> dict[str, list[CaseAttachment]]:
    """Files added for the supplement being answered, by paper; without those that held a virus."""
    fresh = {
        key: [link for link in links if is_new(case, link) and link.attachment.scan != "infected"]
        for key, links in attachments_of(case).items()
    }
    return {key: links for key, links in fresh.items() if links}


def is_new(case: Case, link: CaseAttachment) -> bool:
    """Whether a file was added for the supplement now being answered."""
    return link.added_in == "supplement" and case.paused_at is not None and link.attachment.uploaded_at >= case.paused_at


@dataclass(frozen=True, slots=True)
class ItemView:
    """One item as the applicant sees it; `href` leads to where it is answered."""

    number: int
    item: Item
    href: str
    done: bool


def items_view(now: Answering) -> list[ItemView]:
    """The items with whether something was done about each. One query."""
    files = {key: len(links) for key, links in new_files(now.case).items()}
    left = supplements.unaddressed(now.items, supplements.changes(now.case.answers, now.changed.answers), files)
    return [ItemView(n, item, _place_of(now, item), item not in left) for n, item in enumerate(now.items, start=1)]


def _place_of(now: Answering, item: Item) -> str:
    if item.kind is ItemKind.FIELD:
        return f"#{input_id(now.definition.field(item.key), item.key)}" if item.key in now.keys else ""
    return f"#giay-to-{item.key if item.kind is ItemKind.PAPER else OTHER_PAPER}"


def key_of(number: str) -> UUID | None:
    """The key of a filed case, whoever's: names what is kept for somebody who has to sign in again."""
    return Case.objects.exclude(state=Case.State.DRAFT).filter(number=number).values_list("key", flat=True).first()


# What workers look for


def requests_run_out() -> list[int]:
    """Requests whose time to answer is over and of which that was not written down yet.

    While a withdrawal is being decided nothing runs out.
    """
    waiting = SupplementRequest.objects.filter(answered_at=None, lapsed_at=None, answer_by__lt=clock.now())
    return list(waiting.exclude(case__state=Case.State.WITHDRAWAL).order_by("answer_by").values_list("pk", flat=True)[:BATCH])


def requests_to_remind() -> list[int]:
    """Requests whose time to answer ends within two working days."""
    now = clock.now()
    soon = deadlines.due(now, REMINDER_DAYS, deadlines.Unit.WORKING_DAY, calendar_of(None))
    waiting = SupplementRequest.objects.filter(answered_at=None, lapsed_at=None, answer_by__gt=now, answer_by__lte=soon)
    # What was asked for with less time than that needs no reminder.
    young = F("requested_at") + (soon - now)
    return list(waiting.filter(case__state=Case.State.SUPPLEMENT, answer_by__gt=young).values_list("pk", flat=True)[:BATCH])
