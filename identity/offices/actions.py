"""The only writer of offices, posts and calendar days."""

from collections.abc import Collection
from datetime import date
from typing import Any

from django.db import transaction
from django.db.models import F, Value
from django.db.models.functions import Concat, Substr
from django.utils.translation import gettext as _

from identity.offices import queries
from identity.offices.models import CalendarDay, Office, Post
from identity.offices.powers import Power
from identity.people.models import Person
from portal.kit import clock
from portal.kit.refusal import Refused


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
    post, _created = Post.objects.update_or_create(
        person=person, office=office, defaults=carried, create_defaults=carried | {"since": since or clock.today()}
    )
    queries.forget_posts(person)
    return post


@transaction.atomic
def save_post(post: Post) -> Post:
    """Write a post whose fields were changed by hand. Raises Refused for a resident's account."""
    if not post.person.is_official:
        raise Refused("post.resident", _("Only a work account can hold a post."), field="person", status=422)
    post.save()
    queries.forget_posts(post.person)
    return post


@transaction.atomic
def end_post(post: Post, last_day: date | None = None) -> Post:
    """The post's last day, today unless said otherwise."""
    post.until = last_day or clock.today()
    post.save(update_fields=["until"])
    queries.forget_posts(post.person)
    return post


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
def remove_calendar_day(row: CalendarDay) -> None:
    """Take the decision back."""
    row.delete()
    queries.forget_calendar()
