"""What a counter does: begin an application for the person present, take one over from a phone, give it back, file it."""

from collections.abc import Mapping
from datetime import datetime, timedelta
from uuid import UUID

from django.core.cache import cache
from django.db import transaction
from django.utils.translation import gettext as _

from identity.offices import queries as offices
from identity.offices.models import Office
from identity.offices.powers import Power
from identity.people.models import Person
from identity.trail.actions import record_look
from portal.kit import clock
from portal.kit.refusal import Refused
from services.cases import handoff, routing
from services.cases.actions.drafts import check_not_retired, leave_counter, next_number, set_circumstance, written_for_filing
from services.cases.actions.events import allowed, locked, record
from services.cases.actions.handling import RouteBroken, handle_events
from services.cases.actions.ownership import own_draft
from services.cases.actions.representation import settle
from services.cases.actions.work import act, claim
from services.cases.guesses import count_up
from services.cases.handoff import HandedIn, Move
from services.cases.models import Case, WorkItem
from services.cases.queries.counter import serves
from services.cases.queries.resident import gaps
from services.catalogue.models import Version

TRIES, TRIES_SECONDS = 20, 10 * 60
"""A clerk who types is wrong a few times; twenty-one letters to the power of six are not found so."""


@transaction.atomic
def begin_at_counter(
    by: Person, office: Office, person: Person, version: Version, agency: Office, circumstance: str, channel: int, key: UUID
) -> Case:
    """A draft for the person present. The same key again gives the same draft.

    Raises Refused: "counter.office" where the official does not receive, "counter.channel", and as for any draft.
    """
    Person.objects.select_for_update().get(pk=person.pk)
    if there := Case.objects.filter(key=key).select_related("version__procedure", "agency").first():
        if not serves(there, by) or there.applicant_id != person.pk:
            raise Case.DoesNotExist
        return there
    _check_receives(by, office)
    if channel not in (Case.Channel.COUNTER, Case.Channel.POST):
        raise Refused(
            "counter.channel", _("Say whether it was handed in at the counter or came by post."), field="channel", status=422
        )
    check_not_retired(version)
    case = Case(key=key, version=version, agency=agency, applicant=person, channel=channel, reception=office, received_by=by)
    set_circumstance(case, circumstance)
    case.provenance = handoff.noted({}, Move.BEGUN, clock.now(), office.name, by.full_name)
    case.save()
    record_look(by, str(case.key), "counter")
    return case


def _check_receives(by: Person, office: Office) -> None:
    if not offices.has_power(by, Power.RECEIVE, office):
        raise Refused("counter.office", _("Your post does not receive applications at this office."), status=403)


# Between phone and counter


def _code_key(code: str) -> str:
    return f"handoff:code:{code}"


def _case_key(key: UUID) -> str:
    return f"handoff:case:{key}"


def offer(case: Case, by: Person) -> tuple[str, datetime]:
    """A code for the draft and until when it can be used once; the one that is still good, if there is one.

    Raises Refused("handoff.there") while it is at a counter already.
    """
    with transaction.atomic():
        draft = own_draft(case.pk, by)
        _must_be_applicant(draft, by)
        if draft.reception_id is not None:
            raise Refused("handoff.there", _("The application is at a counter already."))
    if standing := offered(case):
        return standing
    until = clock.now() + timedelta(seconds=handoff.SECONDS)
    code = handoff.new_code()
    while not cache.add(_code_key(code), str(case.key), handoff.SECONDS):
        code = handoff.new_code()
    cache.set(_case_key(case.key), (code, until), handoff.SECONDS)
    return code, until


def offered(case: Case) -> tuple[str, datetime] | None:
    """The code of a draft that can still be used, and until when."""
    standing: tuple[str, datetime] | None = cache.get(_case_key(case.key))
    if standing is None or standing[1] <= clock.now() or cache.get(_code_key(standing[0])) != str(case.key):
        return None
    return standing


def call_off(case: Case, by: Person) -> None:
    """Make the code of a draft worthless."""
    with transaction.atomic():
        _must_be_applicant(own_draft(case.pk, by), by)
    if standing := offered(case):
        cache.delete(_code_key(standing[0]))
    cache.delete(_case_key(case.key))


def _must_be_applicant(draft: Case, by: Person) -> None:
    if draft.applicant_id != by.pk:
        raise Case.DoesNotExist


def take_over(said: str, by: Person, office: Office) -> Case:
    """Take the draft whose code was shown, typed or scanned, to the counter. A code works once.

    Raises Refused: "handoff.code" for one that is unknown, used or too old, "handoff.tries" after too many of them,
    "handoff.there" and "counter.office".
    """
    _check_receives(by, office)
    if count_up(f"handoff:tries:{by.pk}", TRIES_SECONDS) > TRIES:
        message = _("Too many codes were tried. Wait ten minutes, then ask for a new code.")
        raise Refused("handoff.tries", message, field="code", status=429)
    code, named = handoff.read(said)
    key = cache.get(_code_key(code)) if code else None
    # Whoever deletes it has used it: of two clerks at the same moment one is told that it is used.
    if key is None or (named is not None and str(named) != key) or not cache.delete(_code_key(code)):
        message = _("This code is not known, was used, or is older than 15 minutes. Ask the applicant for a new one.")
        raise Refused("handoff.code", message, field="code", status=422)
    cache.delete(_case_key(UUID(key)))
    return _taken_over(UUID(key), by, office)


@transaction.atomic
def _taken_over(key: UUID, by: Person, office: Office) -> Case:
    pk = Case.objects.values_list("pk", flat=True).filter(key=key).first()
    draft = locked(pk) if pk else None
    if draft is None or draft.state != Case.State.DRAFT:
        raise Refused("handoff.gone", _("This application was filed or deleted meanwhile."), field="code")
    if draft.reception_id is not None:
        raise Refused("handoff.there", _("The application is at a counter already."), field="code")
    now = clock.now()
    draft.channel, draft.reception, draft.received_by, draft.saved_at = Case.Channel.COUNTER, office, by, now
    draft.provenance = handoff.noted(draft.provenance, Move.TAKEN, now, office.name, by.full_name)
    draft.save(update_fields=["channel", "reception", "received_by", "provenance", "saved_at"])
    record_look(by, str(draft.key), "handoff")
    return draft


@transaction.atomic
def give_back(case: Case, by: Person) -> Case:
    """Back to the phone, or to the account of whom it was begun for. Raises Case.DoesNotExist for another counter's."""
    draft = locked(case.pk)
    if not serves(draft, by):
        raise Case.DoesNotExist
    leave_counter(draft, Move.GIVEN_BACK, by)
    return draft


@transaction.atomic
def take_back(case: Case, by: Person) -> Case:
    """The applicant goes on alone; at any time before it is filed. A repeat changes nothing."""
    draft = own_draft(case.pk, by)
    _must_be_applicant(draft, by)
    if draft.reception_id is not None:
        leave_counter(draft, Move.TAKEN_BACK, draft.received_by)
    return draft


# Filing


@transaction.atomic
def file_at_counter(case: Case, by: Person, handed_in: Mapping[str, HandedIn]) -> Case:
    """File the draft for the applicant who is present, with what was handed in on paper. A retry changes nothing.

    Raises Case.DoesNotExist for another counter's, Refused as filing does.
    """
    draft = locked(case.pk)
    if draft.reception_id is None or draft.reception_id not in offices.office_ids_where(by, Power.RECEIVE):
        raise Case.DoesNotExist
    if draft.state != Case.State.DRAFT:
        return draft
    office = Office.objects.get(pk=draft.reception_id)
    action = allowed("file_at_counter", draft, powers=frozenset({Power.RECEIVE}))
    check_not_retired(draft.version)
    settle(draft, draft.filed_by)
    if gaps(draft):
        raise Refused("case.incomplete", _("Something is still missing. The list below shows what."), status=422)
    written_for_filing(draft, draft.filed_by, next_number(draft.agency.code))
    draft.received_by = by
    draft.provenance = handoff.with_handed_in(draft.provenance, handed_in)
    record(draft, action, by=by, office=office, data={"channel": draft.channel})
    return draft


def accept_at_once(case: Case, by: Person) -> bool:
    """Where the counter is that of the competent agency, the application it has just filed is accepted with the filing.

    Whether it was. What keeps it from being so leaves it in the queue, as if it had come online.
    """
    try:
        handle_events(case.pk)
        kind, state = routing.Kind.RECEIVE, WorkItem.State.OPEN
        item = WorkItem.objects.filter(case=case, kind=kind, state=state, office=case.reception_id).first()
        if item is None:
            return False
        claim(item.pk, by)
        act(item.pk, "accept", by)
    except (RouteBroken, Refused, WorkItem.DoesNotExist):
        return False
    return True
