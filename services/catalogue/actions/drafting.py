"""Drafts of versions: started, saved, proposed, approved by a second person."""

from collections.abc import Iterable, Mapping, Sequence
from datetime import date
from typing import Any

from django.db import IntegrityError, transaction
from django.utils.translation import gettext as _

from identity.people.models import Person
from portal.kit import clock
from portal.kit.refusal import Refused
from services.catalogue.actions.editors import check_editor
from services.catalogue.actions.publishing import Unpublishable, publish_reviewed
from services.catalogue.content import LARGEST, changed_keys, misfits, size, skeleton
from services.catalogue.models import DraftChange, Procedure, Version, VersionDraft
from services.catalogue.queries.drafts import open_draft_of
from services.catalogue.queries.soundness import draft_findings
from services.catalogue.queries.versions import content_of
from services.catalogue.shapes import CODE, problems

State = VersionDraft.State
What = DraftChange.What


@transaction.atomic
def start_draft(
    by: Person | None,
    code: str,
    *,
    content: Mapping[str, Any] | None = None,
    origin: Mapping[str, Any] | None = None,
    findings: Sequence[Mapping[str, Any]] | None = None,
    note: str = "",
) -> VersionDraft:
    """Begin a version of the procedure: from the given content, else from its current version, else from a bare beginning.

    `by` is None for imports only. Refused "draft.exists" while there is an open draft of the procedure.
    """
    if by is not None:
        check_editor(by)
    _check_code(code)
    procedure = Procedure.objects.filter(code=code).select_related("current", "domain").first()
    current = procedure.current if procedure else None
    if content is None:
        content = content_of(current) if current else skeleton(code)
    kept = {**content, "code": code}
    _check(kept)
    draft = VersionDraft(
        code=code,
        content=kept,
        base=current,
        note=note,
        findings=[dict(finding) for finding in findings or ()],
        origin=dict(origin or {}),
        stopping=_stopping(kept),
        created_by=by,
        saved_by=by,
    )
    _save_alone(draft)
    _record(draft, What.STARTED, by, keys=list(kept))
    return draft


@transaction.atomic
def save_draft(draft: VersionDraft, by: Person | None, changes: Mapping[str, Any], revision: int) -> VersionDraft:
    """Put the changed parts in place of those of the content; the same parts again change nothing, not even the revision.

    Whatever is a content in the rough is kept; what is wrong with it is listed by `queries.draft_findings`. Refused "draft.stale"
    when somebody saved since the given revision, "draft.proposed" while it waits for the second person.
    """
    if by is not None:
        check_editor(by)
    draft = _editable(draft)
    if draft.revision != revision:
        raise Refused("draft.stale", _("Somebody else changed this draft in the meantime. Nothing of yours was saved yet."))
    content = {**draft.content, **changes}
    _check(changes)
    if size(content) > LARGEST:
        raise Refused("draft.too_large", _("The draft has grown too large to be kept."), status=422)
    keys = changed_keys(draft.content, content)
    if not keys:
        return draft
    if content.get("code") != draft.code:
        _check_code(content.get("code"))
        if draft.base:
            raise Refused("draft.code", _("The code of a published procedure does not change."), field="code", status=422)
        draft.code = content["code"]
    draft.content = content
    _touch(draft, by, What.SAVED, keys)
    return draft


@transaction.atomic
def propose(
    draft: VersionDraft, by: Person, note: str, starts_on: date | None = None, *, revision: int | None = None
) -> VersionDraft:
    """Hand the draft to a second person, saying what was changed and why, and from which day it shall hold.

    From now on nobody changes it until it is sent back or taken back. Raises Unpublishable while a problem stops it.
    """
    check_editor(by)
    draft = _editable(draft)
    _fresh(draft, revision)
    if not note.strip():
        raise Refused("draft.note", _("Say what was changed and why."), field="note", status=422)
    if starts_on and starts_on < clock.today():
        raise Refused("draft.starts_on", _("The first day lies in the past."), field="starts_on", status=422)
    _check_publishable(draft, starts_on)
    draft.state, draft.proposed_by, draft.proposed_at = State.PROPOSED, by, clock.now()
    draft.note, draft.starts_on, draft.answer = note.strip(), starts_on, ""
    return _moved(draft, What.PROPOSED, by, draft.note)


@transaction.atomic
def send_back(draft: VersionDraft, by: Person, answer: str, *, revision: int | None = None) -> VersionDraft:
    """The second person does not agree and says why."""
    check_editor(by)
    draft = _proposed(draft, revision)
    if not answer.strip():
        raise Refused("draft.answer", _("Say what has to be put right."), field="answer", status=422)
    draft.state, draft.answer = State.EDITING, answer.strip()
    return _moved(draft, What.SENT_BACK, by, draft.answer)


@transaction.atomic
def reopen(draft: VersionDraft, by: Person) -> VersionDraft:
    """Take a proposed draft back, or a discarded one up again."""
    check_editor(by)
    draft = _locked(draft)
    if draft.state not in (State.PROPOSED, State.DISCARDED):
        raise Refused("draft.not_reopened", _("Only a proposed or discarded draft can be taken back for editing."))
    draft.state = State.EDITING
    return _moved(draft, What.REOPENED, by)


@transaction.atomic
def discard(draft: VersionDraft, by: Person) -> VersionDraft:
    """Give the draft up. It stays to be read, and can be taken up again."""
    check_editor(by)
    draft = _locked(draft)
    if draft.state not in (State.EDITING, State.PROPOSED):
        raise Refused("draft.closed", _("This draft is closed: it was published or discarded."))
    draft.state = State.DISCARDED
    return _moved(draft, What.DISCARDED, by)


@transaction.atomic
def approve(draft: VersionDraft, by: Person, *, revision: int | None = None) -> Version:
    """Publish a proposed draft; `by` neither proposed it nor saved it last. Approving it again gives the same version.

    `revision` is that of the draft as the person saw it. Raises Unpublishable when it has become unsound in the meantime.
    """
    check_editor(by)
    known = _locked(draft)
    if known.version and known.version.approved_by_id == by.pk:
        return known.version
    draft = _proposed(known, revision)
    if by.pk in (draft.proposed_by_id, draft.saved_by_id):
        raise Refused("draft.same_person", _("A second person has to approve what you proposed or changed."), status=403)
    _check_publishable(draft, draft.starts_on)
    draft.version = publish_reviewed(
        draft.content, edited_by=draft.saved_by or draft.proposed_by, approved_by=by, starts_on=draft.starts_on
    )
    draft.state = State.PUBLISHED
    _moved(draft, What.PUBLISHED, by)
    return draft.version


@transaction.atomic
def settle_finding(draft: VersionDraft, by: Person, index: int, *, settled: bool = True) -> VersionDraft:
    """Note that the person saw to what an import left at that place of `findings`, or that it is open again.

    The content stays as it is, and so does the revision.
    """
    check_editor(by)
    draft = _editable(draft)
    if not 0 <= index < len(draft.findings):
        raise Refused("draft.finding", _("There is no such note of the import."), status=404)
    finding = {key: value for key, value in draft.findings[index].items() if key != "settled"}
    if settled:
        finding["settled"] = {"by": by.pk, "name": by.full_name, "at": clock.now().isoformat()}
    draft.findings[index] = finding
    draft.save(update_fields=["findings"])
    if settled:
        _record(draft, What.SETTLED, by, text=str(finding.get("reason") or finding.get("field") or ""))
    return draft


def _check_publishable(draft: VersionDraft, starts_on: date | None) -> None:
    stopping = [problem for problem in draft_findings(draft) if not problem.warning]
    if stopping:
        raise Unpublishable(stopping)
    procedure = Procedure.objects.filter(code=draft.code).select_related("current", "domain").first()
    if procedure is None:
        return
    if procedure.retired_on and procedure.retired_on <= (starts_on or clock.today()):
        raise Refused("draft.retired", _("The procedure has ended. Take its ending back first."))
    if procedure.current and not changed_keys(content_of(procedure.current), {**content_of(procedure.current), **draft.content}):
        raise Refused("draft.unchanged", _("The draft says the same as the version in force."))


def _proposed(draft: VersionDraft, revision: int | None) -> VersionDraft:
    draft = _locked(draft)
    if draft.state != State.PROPOSED:
        raise Refused("draft.not_proposed", _("This draft does not wait for a second person any more."))
    _fresh(draft, revision)
    return draft


def _fresh(draft: VersionDraft, revision: int | None) -> None:
    if revision is not None and draft.revision != revision:
        raise Refused("draft.stale", _("Somebody else changed this draft in the meantime. Look at it again first."))


def _moved(draft: VersionDraft, what: DraftChange.What, by: Person, text: str = "") -> VersionDraft:
    """A draft that is locked, in another state: a revision of its own, so that nobody agrees to what they have not seen."""
    draft.revision += 1
    _save_alone(draft)
    _record(draft, what, by, text=text)
    return draft


def _touch(draft: VersionDraft, by: Person | None, what: DraftChange.What, keys: list[str]) -> None:
    """The next revision of a draft that is locked."""
    draft.revision += 1
    draft.saved_by, draft.saved_at = by, clock.now()
    draft.stopping = _stopping(draft.content)
    _save_alone(draft)
    _record(draft, what, by, keys=keys)


def _save_alone(draft: VersionDraft) -> None:
    """Keep it unless there is another open draft of the procedure."""
    other = open_draft_of(draft.code)
    if other is None or other.pk == draft.pk:
        try:
            with transaction.atomic():
                draft.save()
        except IntegrityError:
            other = open_draft_of(draft.code)
            if other is None or other.pk == draft.pk:
                raise
        else:
            return
    raise Refused("draft.exists", _("There is already an open draft of procedure %(code)s.") % {"code": draft.code}, field="code")


def _check_code(code: object) -> None:
    if not isinstance(code, str) or len(code) > 30 or not CODE.fullmatch(code):
        raise Refused("draft.code", _("A procedure code looks like 1.013225."), field="code", status=422)


def _check(content: Mapping[str, Any]) -> None:
    for key in misfits(content):
        raise Refused("draft.shape", _("“%(key)s” cannot be kept in a draft.") % {"key": key}, field=key, status=422)
    if size(content) > LARGEST:
        raise Refused("draft.too_large", _("The draft has grown too large to be kept."), status=422)


def _stopping(content: Mapping[str, Any]) -> int:
    return sum(not problem.warning for problem in problems(content))


def _editable(draft: VersionDraft) -> VersionDraft:
    """The draft as it is now, locked, if it may be changed."""
    draft = _locked(draft)
    if draft.state == State.PROPOSED:
        raise Refused("draft.proposed", _("The draft waits for a second person. Take it back before you change it."))
    if draft.state != State.EDITING:
        raise Refused("draft.closed", _("This draft is closed: it was published or discarded."))
    return draft


def _locked(draft: VersionDraft) -> VersionDraft:
    return VersionDraft.objects.select_for_update(of=("self",)).select_related("base", "saved_by", "proposed_by").get(pk=draft.pk)


def _record(draft: VersionDraft, what: DraftChange.What, by: Person | None, *, keys: Iterable[str] = (), text: str = "") -> None:
    DraftChange.objects.create(draft=draft, what=what, by=by, keys=list(keys), revision=draft.revision, text=text)
