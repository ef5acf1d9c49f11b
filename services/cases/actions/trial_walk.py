"""A test case walked through the whole route of a draft with the real actions, in a transaction that is taken back.

Nothing stays: no case, no file, no message, no number of a book. The version, the resident, the number of the case and the symbol of
its outcome are the trial's own, so that no row is locked which real work needs. No key signs: where a worker would draw up, sign
or seal a document, the document is only marked as done.
"""

import secrets
from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import datetime
from typing import Any

from django.db import transaction
from django.utils.translation import override

from identity.offices import queries as offices
from identity.offices.models import Office
from identity.people.models import Person
from portal.kit import clock
from portal.kit.refusal import Refused
from services.cases import deadlines, routing
from services.cases.actions import drafts, handling, work
from services.cases.actions.fields import fill_fields
from services.cases.checklist import papers
from services.cases.models import Case, CaseAttachment, CaseDocument, WorkItem
from services.cases.queries.calendars import calendar_of, signed_minutes
from services.cases.queries.fields import own_form
from services.cases.queries.page import Desks, limit_text
from services.cases.queries.resident import definition_of, gaps
from services.cases.queries.trials import titles_of_posts
from services.cases.routing import Step
from services.catalogue import actions as catalogue
from services.catalogue.models import Version
from services.documents import pdf, placeholders
from services.documents.models import Attachment, IssuedDocument
from services.fees import tariff
from services.fees.wording import amount_text, reason_text
from services.forms import sample
from services.forms.conditions import holds
from services.forms.readout import texts
from services.notices.models import Notice

MARK = "HỒ SƠ THỬ"
APPLICANT = "Người Nộp Hồ Sơ Thử"
BLANK_SHA256 = "0" * 64
NAMES = ("signer_name", "receiver_name")
BLANK_NAME = "……………………"
State = IssuedDocument.State


class Stopped(Exception):
    """The trial cannot go on. `code` is worded by `trial_wording`; `step` is the key of the step it concerns."""

    def __init__(self, code: str, step: str = "", **values: Any) -> None:
        super().__init__(code)
        self.code, self.step, self.values = code, step, values


@dataclass
class Walked:
    """What is known of a trial, as far as it came."""

    steps: list[dict[str, Any]] = field(default_factory=list)
    events: list[dict[str, str]] = field(default_factory=list)
    messages: list[dict[str, str]] = field(default_factory=list)
    fees: list[dict[str, str]] = field(default_factory=list)
    documents: list[dict[str, Any]] = field(default_factory=list)
    facts: dict[str, Any] = field(default_factory=dict)
    failure: dict[str, Any] | None = None

    def fail(self, stopped: Stopped) -> None:
        """Note what went wrong, at the step where it did; the first thing counts."""
        if self.failure is None:
            self.failure = {"code": stopped.code, "step": stopped.step, "values": stopped.values}
        for step in self.steps:
            if step["key"] == self.failure["step"]:
                step["state"] = "failed"

    def as_report(self) -> dict[str, Any]:
        """Plain JSON, as it is kept."""
        return {
            **self.facts,
            "passed": self.failure is None,
            "failure": self.failure,
            "steps": self.steps,
            "events": self.events,
            "messages": self.messages,
            "fees": self.fees,
            "documents": self.documents,
        }


def walk(content: Mapping[str, Any], agency: Office, circumstance: str, answers: Mapping[str, Any]) -> dict[str, Any]:
    """Walk one test case as far as it comes. Returns the report; leaves nothing behind."""
    walked = Walked()
    with override("vi"):
        try:
            with transaction.atomic():
                try:
                    _Trial(content, agency, circumstance, answers, walked).run()
                finally:
                    transaction.set_rollback(True)
            # Slow, so after the transaction: nothing but a look whether the documents can be drawn.
            _draw(walked)
        except Stopped as stopped:
            walked.fail(stopped)
    return walked.as_report()


def _draw(walked: Walked) -> None:
    for document in walked.documents:
        try:
            pdf.draw(document["template"], code="", title=document["title"], data=document["data"])
        except Exception as error:
            raise Stopped("not_drawn", document["step"], document=document["title"], error=type(error).__name__) from error


class _Trial:
    """One walk. The transaction around it is the caller's."""

    def __init__(
        self, content: Mapping[str, Any], agency: Office, circumstance: str, answers: Mapping[str, Any], into: Walked
    ) -> None:
        self.own = secrets.token_hex(4).upper()
        self.content, self.agency, self.circumstance, self.answers, self.into = content, agency, circumstance, answers, into
        self.calendar = calendar_of(agency)

    def run(self) -> None:
        version = self._version()
        self.route = routing.route(version.route)
        self.into.steps[:] = [_planned(step) for step in self.route]
        self._fees(version)
        self.case = self._filed(version)
        self.moment = clock.now()
        try:
            for _ in range(4 * len(self.route)):
                self._workers()
                if not self._people():
                    break
            self._ended()
        finally:
            self._look_back()

    def _version(self) -> Version:
        """The draft's content published under a code, a field of law and a symbol that nobody else uses."""
        outcome = dict(self.content.get("outcome") or {})
        self.symbol = str(outcome.get("symbol", ""))
        outcome["symbol"] = f"THU{self.own}"
        domain = dict(self.content.get("domain") or {})
        domain["slug"] = f"thu-{self.own.lower()}" if domain.get("slug") else ""
        code = f"{self.content.get('code', '')}.T{self.own}"
        try:
            return catalogue.publish({**self.content, "code": code, "domain": domain, "outcome": outcome})
        except catalogue.Unpublishable as refused:
            found = [{"place": one.place, "message": str(one.message) % one.values} for one in refused.problems]
            raise Stopped("unsound", problems=found) from refused

    def _filed(self, version: Version) -> Case:
        """A draft with sample answers and papers, filed. No bytes are stored for the papers."""
        person = Person.objects.create_user(
            full_name=APPLICANT, email=f"{self.own.lower()}@ho-so-thu.invalid", email_verified=True, kind=Person.Kind.RESIDENT
        )
        case = drafts.start_draft(person, version, self.agency, self.circumstance)
        case.answers = dict(self.answers)
        case.save(update_fields=["answers"])
        needed = [
            (paper.key, paper.name) for paper in papers(version.documents, self.circumstance) if paper.required and paper.upload
        ]
        needed += [(one.key, str(one.label)) for one in definition_of(case).attachments_shown(case.answers) if one.required]
        for position, (key, name) in enumerate(needed):
            file = Attachment.objects.create(
                owner=person, name=f"{name[:100]}.pdf", media_type="application/pdf", size=1, sha256=BLANK_SHA256
            )
            CaseAttachment.objects.create(case=case, attachment=file, document=key, position=position)
        if missing := gaps(case):
            raise Stopped("incomplete", missing=[gap.message for gap in missing])
        case = drafts.file(case, person, number=f"THU-{self.own}")
        now = clock.now()
        label = next((one["label"] for one in version.circumstances if one["key"] == self.circumstance), "")
        self.into.facts.update(
            mark=MARK,
            agency=self.agency.name,
            circumstance=label,
            limit=limit_text(case),
            filed_at=_iso(now),
            papers=[n for _k, n in needed],
        )
        return case

    def _fees(self, version: Version) -> None:
        lines = tariff.lines(version.fees, "online", self.circumstance, clock.today())
        self.into.fees[:] = [{"label": one.label, "amount": amount_text(one), "note": reason_text(one)} for one in lines]

    def _workers(self) -> None:
        """What workers do: events are handled, documents marked as signed and sealed, until nothing is left."""
        while True:
            try:
                handled = handling.handle_events(self.case.pk)
            except handling.RouteBroken as broken:
                raise Stopped("no_office", self._without_office()) from broken
            if not handled and not self._documents():
                break
        self.case.refresh_from_db()

    def _without_office(self) -> str:
        desks, gone = Desks(self.case), set(self.case.work_items.values_list("step", flat=True))
        for step in self.route:
            if step.key not in gone and holds(step.when, self.case.answers) and desks.office(step) is None:
                return step.key
        return ""

    def _documents(self) -> int:
        waiting = CaseDocument.objects.filter(case=self.case, issued__state__in=[State.TO_SIGN, State.TO_SEAL])
        links = list(waiting.select_related("issued", "work_item"))
        for link in links:
            document = link.issued
            if document.state == State.TO_SIGN:
                self._keep_document(link)
            signed = document.state == State.TO_SIGN and document.signer_id is not None
            document.state = State.SIGNED if signed else State.ISSUED
            document.file.name, document.sha256 = "thu", BLANK_SHA256
            document.signed_at = document.signed_at or clock.now()
            document.issued_at = None if signed else clock.now()
            document.save()
            handling.announce(link.pk, document)
        return len(links)

    def _keep_document(self, link: CaseDocument) -> None:
        document, step = link.issued, link.work_item.step if link.work_item else ""
        # A report names posts and no officials.
        data = {**document.data, "case_number": MARK} | {name: BLANK_NAME for name in NAMES if name in document.data}
        if "symbol" in data:
            data["symbol"] = str(data["symbol"]).replace(f"THU{self.own}", self.symbol)
        self.into.documents.append(
            {"kind": document.kind, "template": document.template, "title": document.title, "step": step, "data": data}
        )
        if document.kind == IssuedDocument.Kind.OUTCOME:
            self._empty_places(step)

    def _empty_places(self, step: str) -> None:
        """An outcome with a place that nothing fills, which would be printed as dots, is wrong; the walk goes on all the same."""
        definition = definition_of(self.case)
        said = texts(definition, self.case.answers)
        asked = {name for text in _texts(self.case.version.outcome) for name in placeholders.names(text)}
        if empty := sorted(name for name in asked if name in said and not said[name]):
            self.into.fail(Stopped("empty_places", step, places=[_label(self.case, name) for name in empty]))

    def _people(self) -> bool:
        """Every open step is claimed and finished by somebody who may. Returns whether there was one."""
        items = list(
            self.case.work_items.filter(state=WorkItem.State.OPEN).select_related("office__parent").order_by("position", "pk")
        )
        began = self.moment
        for item in items:
            self._finish(item, began)
        return bool(items)

    def _finish(self, item: WorkItem, began: datetime) -> None:
        step = next(one for one in self.into.steps if one["key"] == item.step)
        people = list(offices.holders(item.office, item.power))
        due = self._due(item, began)
        step.update(
            state="waiting",
            office=item.office.name,
            agency=offices.agency_of(item.office).name,
            people=len(people),
            posts=titles_of_posts(item.office, item.power),
            opened_at=_iso(began),
            due_at=_iso(due) if due else "",
        )
        if not people:
            raise Stopped("nobody", item.step, office=item.office.name, power=item.power)
        acts = routing.ACTIONS_OF_KIND[routing.Kind(item.kind)]
        # A fee step offers to ask for money first; where nothing is owed, finishing it is the usual way.
        name = "finish" if item.kind == routing.Kind.COLLECT_FEE else acts[0]
        try:
            work.claim(item.pk, people[0])
            if (own := own_form(self.case, item.step)) is not None:
                fill_fields(item.pk, people[0], sample.answers(own, clock.today()))
            work.act(item.pk, name, people[0])
        except Refused as refused:
            raise Stopped("refused", item.step, message=refused.message) from refused
        step["state"] = "done"
        if item.kind == routing.Kind.RECEIVE:
            self._promise(due or began)
        if due is not None and due > self.moment:
            self.moment = due

    def _due(self, item: WorkItem, began: datetime) -> datetime | None:
        """When the step ends if it takes all its hours; None where they are not counted."""
        receives = item.kind == routing.Kind.RECEIVE
        hours = item.hours if item.hours is not None or not receives else handling.CHECK_HOURS
        if hours is None:
            return None
        start = deadlines.clock_start(began, self.calendar) if receives else began
        return deadlines.add_minutes(start, int(hours * 60), self.calendar)

    def _promise(self, accepted: datetime) -> None:
        value, unit = self.case.limit
        start = deadlines.clock_start(accepted, self.calendar, same_day=self.case.version.same_day)
        self.due = deadlines.due(start, value, deadlines.Unit(unit), self.calendar)
        self.into.facts.update(accepted_at=_iso(accepted), due_at=_iso(self.due))

    def _ended(self) -> None:
        self.case.refresh_from_db()
        if self.case.state != Case.State.RETURNED:
            last = self.case.work_items.order_by("-finished_at", "-position").first()
            raise Stopped("stuck", last.step if last else "")
        spare = signed_minutes(self.moment, self.due, self.calendar)
        self.into.facts.update(ends_at=_iso(self.moment), spare_minutes=spare)

    def _look_back(self) -> None:
        """What the walk left in the database, before it is taken back."""
        went = set(self.case.work_items.values_list("step", flat=True))
        for step in self.into.steps:
            condition = next(one.when for one in self.route if one.key == step["key"])
            if step["key"] not in went and not holds(condition, self.case.answers):
                step["state"] = "skipped"
        self.into.events[:] = [
            {"action": event.action, "step": event.work_item.title if event.work_item else ""}
            for event in self.case.events.select_related("work_item").order_by("sequence")
        ]
        notices = Notice.objects.filter(person=self.case.filed_by).order_by("pk")
        self.into.messages[:] = [{"subject": notice.subject, "body": notice.body} for notice in notices]


def _planned(step: Step) -> dict[str, Any]:
    """A step nobody has come to yet."""
    return {
        "key": step.key,
        "title": step.title,
        "kind": step.kind.value,
        "power": step.power.value,
        "group": step.group,
        "when": step.when,
        "hours": None if step.hours is None else f"{step.hours.normalize():f}",
        "state": "ahead",
    }


def _texts(value: Any) -> list[str]:
    if isinstance(value, str):
        return [value]
    inner = value.values() if isinstance(value, Mapping) else value if isinstance(value, list | tuple) else ()
    return [text for item in inner for text in _texts(item)]


def _label(case: Case, name: str) -> str:
    """What the question behind a placeholder is called."""
    definition = definition_of(case)
    for key in (name, name.rpartition("_")[0]):
        try:
            return definition.field(key).label.said()
        except KeyError:
            continue
    return name


def _iso(moment: datetime) -> str:
    return clock.local(moment).isoformat(timespec="minutes")
