"""The only writer of offices, posts and calendar days."""

from collections.abc import Collection
from datetime import date, timedelta
from typing import Any

from django.db import transaction
from django.db.models import F, Value
from django.db.models.functions import Concat, Substr
from django.utils.translation import gettext as _

from identity.offices import queries
from identity.offices.models import Absence, CalendarDay, Office, Post
from identity.offices.powers import Power
from identity.people.models import Person
from portal.kit import clock
from portal.kit.outbox import after_commit
from portal.kit.refusal import Refused

LEFT_TASK = "cases.return_work"
"""Gives back the open work of somebody who may no longer do it."""


@transaction.atomic
def create_office(*, parent: Office | None = None, **fields: Any) -> Office:
    """A new office below `parent`. Raises ValidationError when a field is malformed or the code is taken."""
    office = Office(parent=parent, **fields)
    office.full_clean()
    office.save()
    return _set_path(office)


@transaction.atomic
def save_office(office: Office) -> Office:
    """Write an office whose fields were changed by hand, new or not; a new parent takes everything below along."""
    if office.pk is None:
        office.save()
        return _set_path(office)
    parent, known = office.parent, Office.objects.get(pk=office.pk)
    if office.parent_id == known.parent_id:
        office.save()
        return office
    office.parent = known.parent
    office.save()
    return move_office(office, parent)


@transaction.atomic
def move_office(office: Office, parent: Office | None) -> Office:
    """Hang an office, with everything below it, under another. Raises Refused when that one is the office or below it."""
    # One move at a time: two that cross could build a ring.
    list(Office.objects.select_for_update().filter(parent=None).values_list("pk", flat=True))
    office.refresh_from_db(fields=["path"])
    if parent is not None:
        parent.refresh_from_db(fields=["path"])
        if parent.path.startswith(office.path):
            raise Refused("office.loop", _("An office cannot be placed below itself."), field="parent", status=422)
    before = office.path
    office.parent = parent
    office.save(update_fields=["parent"])
    _set_path(office)
    below = Office.objects.filter(path__startswith=before).exclude(pk=office.pk)
    below.update(path=Concat(Value(office.path), Substr(F("path"), len(before) + 1)))
    queries.forget_calendar()
    return office


def _set_path(office: Office) -> Office:
    office.path = f"{office.parent.path if office.parent else '/'}{office.pk}/"
    office.save(update_fields=["path"])
    return office


@transaction.atomic
def appoint(
    person: Person,
    office: Office,
    title: str,
    powers: Collection[Power],
    *,
    capacity: str = "",
    since: date | None = None,
    until: date | None = None,
) -> Post:
    """Give the official a post in the office from today or `since`; a second call changes what the post carries.

    Raises Refused for a resident's account or a post without powers.
    """
    if not person.is_official:
        raise Refused("post.resident", _("Only a work account can hold a post."), field="person", status=422)
    if not powers:
        raise Refused("post.powerless", _("Choose at least one power for the post."), field="powers", status=422)
    carried = {"title": title, "capacity": capacity, "powers": sorted(Power(power).value for power in powers), "until": until}
    post, created = Post.objects.update_or_create(
        person=person, office=office, defaults=carried, create_defaults=carried | {"since": since or clock.today()}
    )
    queries.forget_posts(person)
    if not created:
        after_commit(LEFT_TASK, person.pk)
    return post


@transaction.atomic
def save_post(post: Post) -> Post:
    """Write a post whose fields were changed by hand. Raises Refused for a resident's account."""
    if not post.person.is_official:
        raise Refused("post.resident", _("Only a work account can hold a post."), field="person", status=422)
    post.save()
    queries.forget_posts(post.person)
    after_commit(LEFT_TASK, post.person_id)
    return post


@transaction.atomic
def end_post(post: Post, last_day: date | None = None) -> Post:
    """The post's last day, today unless said otherwise."""
    post.until = last_day or clock.today()
    post.save(update_fields=["until"])
    queries.forget_posts(post.person)
    after_commit(LEFT_TASK, post.person_id)
    return post


@transaction.atomic
def note_absence(
    person: Person, since: date, until: date, *, by: Person, deputy: Person | None = None, reason: str = ""
) -> Absence:
    """Days on which the official is away, noted by themselves or by the head of one of their offices.

    Raises Person.DoesNotExist when `by` is neither, Refused with the field for days that do not fit or a deputy from elsewhere.
    """
    Person.objects.select_for_update().get(pk=person.pk)
    _must_keep_calendar_of(person, by)
    if until < since:
        raise Refused("absence.order", _("The last day cannot be before the first."), field="until", status=422)
    if until < clock.today():
        raise Refused("absence.past", _("These days are over."), field="until", status=422)
    known = Absence.objects.filter(person=person, since__lte=until, until__gte=since).order_by("since").first()
    if known:
        days = {"since": f"{known.since:%d/%m/%Y}", "until": f"{known.until:%d/%m/%Y}"}
        message = _("An absence from %(since)s to %(until)s is already in the calendar. Take it out first, or choose other days.")
        raise Refused("absence.overlap", message % days, field="since", status=422)
    if deputy is not None and not queries.colleagues_of(person).filter(pk=deputy.pk).exists():
        message = _("The deputy must be a colleague of one of the same offices.")
        raise Refused("absence.deputy", message, field="deputy", status=422)
    return Absence.objects.create(person=person, since=since, until=until, deputy=deputy, reason=reason.strip(), noted_by=by)


@transaction.atomic
def end_absence(absence_pk: int, by: Person) -> Absence:
    """Take an absence out of the calendar; one that has begun ends with yesterday. Raises Absence.DoesNotExist for strangers."""
    absence = Absence.objects.select_for_update(of=("self",)).select_related("person").get(pk=absence_pk)
    try:
        _must_keep_calendar_of(absence.person, by)
    except Person.DoesNotExist:
        raise Absence.DoesNotExist from None
    today = clock.today()
    if absence.until < today:
        raise Refused("absence.past", _("These days are over."))
    if absence.since >= today:
        absence.delete()
    else:
        absence.until = today - timedelta(days=1)
        absence.save(update_fields=["until"])
    return absence


def _must_keep_calendar_of(person: Person, by: Person) -> None:
    if not queries.keeps_calendar_of(person, by):
        raise Person.DoesNotExist


@transaction.atomic
def set_sharing(office: Office, by: Person, *, shares_out: bool) -> Office:
    """Switch sharing out on or off. Raises Office.DoesNotExist for anybody but a head of the office."""
    if not queries.has_power(by, Power.LEAD, office):
        raise Office.DoesNotExist
    office.shares_out = shares_out
    office.save(update_fields=["shares_out"])
    return office


@transaction.atomic
def set_calendar_day(day: date, *, is_working: bool, name: str, decision: str = "", office: Office | None = None) -> CalendarDay:
    """A day off, or a make-up working day, for everybody or for an office and those below it."""
    row = CalendarDay.objects.filter(day=day, office=office).first() or CalendarDay(day=day, office=office)
    row.is_working, row.name, row.decision = is_working, name, decision
    return save_calendar_day(row)


@transaction.atomic
def save_calendar_day(row: CalendarDay) -> CalendarDay:
    """Write a calendar day whose fields were changed by hand. Deadlines already promised stay as they are."""
    row.save()
    queries.forget_calendar()
    return row


@transaction.atomic
def decide_day(by: Person, office_id: int, day: date, *, is_working: bool, name: str, decision: str) -> CalendarDay:
    """Decide a day off or a make-up day for an agency and everything below it. Deadlines already promised stay.

    Raises Office.DoesNotExist unless `by` administers the agency, Refused for what changes nothing or lacks a decision.
    """
    office = queries.calendar_offices(by).get(pk=office_id)
    check_day(office, day, is_working=is_working, name=name, decision=decision)
    return set_calendar_day(day, is_working=is_working, name=name.strip(), decision=decision.strip(), office=office)


def check_day(office: Office, day: date, *, is_working: bool, name: str, decision: str) -> None:
    """Raises Refused with the field for a day that cannot be decided so."""
    if not name.strip():
        raise Refused("calendar.name", _("Say what the day is for."), field="name", status=422)
    if not decision.strip():
        raise Refused("calendar.decision", _("Enter the number of the decision."), field="decision", status=422)
    if day < clock.today():
        raise Refused("calendar.past", _("This day is over. It has been counted as it was."), field="day", status=422)
    known = CalendarDay.objects.filter(day=day, office=office).first()
    facts = queries.working_calendar(office)
    works = day in facts.make_up_days or (day.weekday() < 5 and day not in facts.days_off)
    if works is is_working and (known is None or known.is_working is not is_working):
        message = _("Offices work on this day anyway.") if works else _("Offices are closed on this day anyway.")
        raise Refused("calendar.same", message, field="day", status=422)


@transaction.atomic
def take_back_day(by: Person, pk: int) -> CalendarDay:
    """Take the decision of an agency back. Raises CalendarDay.DoesNotExist unless `by` administers it, Refused for a day gone by."""
    row = CalendarDay.objects.select_related("office").get(pk=pk, office__in=queries.calendar_offices(by))
    if row.day < clock.today():
        raise Refused("calendar.past", _("This day is over. It has been counted as it was."), status=422)
    remove_calendar_day(row)
    return row


@transaction.atomic
def remove_calendar_day(row: CalendarDay) -> None:
    """Take the decision back."""
    row.delete()
    queries.forget_calendar()
