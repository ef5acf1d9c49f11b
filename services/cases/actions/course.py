"""Actions on a case as a whole, and what every turn of its course shares: who may, what falls away, what becomes of the outcome."""

from collections.abc import Iterable

from django.db import transaction
from django.utils.translation import gettext as _

from identity.offices import queries as offices
from identity.offices.models import Office
from identity.people.models import Person
from portal.kit import clock
from portal.kit.refusal import Refused
from services.cases import lifecycle, returning, routing
from services.cases.actions.events import allowed, check_seen, locked, record
from services.cases.models import Case, WorkItem
from services.cases.queries.authority import powers_on
from services.cases.queries.course import outcome_link, outcome_stands
from services.documents import actions as documents
from services.documents.models import IssuedDocument


def on_case(case_pk: int, by: Person, seen: int | None = None) -> tuple[Case, frozenset[str]]:
    """The locked case and the person's powers on it as a whole. Case.DoesNotExist for a stranger, Overtaken when it moved on."""
    case = locked(case_pk)
    powers = powers_on(case, by)
    if not powers:
        raise Case.DoesNotExist
    check_seen(case, seen, by)
    return case, powers


def office_of(case: Case, by: Person, row: lifecycle.Action) -> Office | None:
    """For which office the person acts: where they hold the power, one of the case's own agency first."""
    if isinstance(row.who, lifecycle.Actor):
        return None
    fitting = [post.office for post in offices.posts_of(by) if row.who.intersection(post.powers)]
    own = [office for office in fitting if office.path.startswith(case.agency.path)]
    return next(iter([*own, *fitting]), None)


def cancel(items: Iterable[WorkItem]) -> None:
    """Cancel open items, and what their holders asked of other offices."""
    keys = [item.pk for item in items]
    fallen = WorkItem.objects.filter(state=WorkItem.State.OPEN)
    now = clock.now()
    fallen.filter(pk__in=keys).update(state=WorkItem.State.CANCELLED, finished_at=now)
    fallen.filter(asked_by_item__in=keys).update(state=WorkItem.State.CANCELLED, finished_at=now)


def outcome_of(case: Case) -> returning.Outcome:
    """How far the outcome has come. Refused while a worker is signing or sealing it."""
    standing = outcome_stands(case)
    if standing is None:
        raise Refused("work.busy", _("The outcome is just being signed or sealed. Try again in a moment."))
    return standing


def drop_outcome(case: Case, reason: str) -> IssuedDocument | None:
    """Revoke the outcome of a locked case, signed or in force; None where there is none."""
    stands, link = outcome_of(case), outcome_link(case)
    if link is None or stands is returning.Outcome.NONE:
        return None
    return documents.revoke(link.issued, reason)


@transaction.atomic
def stop_case(case_pk: int, by: Person, reason: str, *, seen: int | None = None) -> Case:
    """End the work without an outcome, also while the case waits for its applicant. By a head or a leader."""
    case, powers = on_case(case_pk, by, seen)
    action = allowed("stop", case, powers=powers, reason=reason)
    end(case, reason)
    record(case, action, by=by, office=office_of(case, by, action), note=reason)
    return case


def end(case: Case, reason: str, *, but: WorkItem | None = None) -> None:
    """What falls away when a locked case ends without an outcome: all open work but the item that ends it, and a signed outcome."""
    drop_outcome(case, reason)
    cancel(item for item in case.work_items.filter(state=WorkItem.State.OPEN) if item != but)


def steps_of(case: Case) -> tuple[routing.Step, ...]:
    """The route of the case's version."""
    return routing.route(case.version.route)
