"""What waits for officials in the morning: who has anything, and how much, selected in the database."""

from collections.abc import Collection
from dataclasses import dataclass, replace
from datetime import datetime, time, timedelta

from django.db.models import Count, Exists, F, Func, IntegerField, OuterRef, Q, QuerySet, Subquery
from django.db.models.functions import Coalesce

from identity.offices.models import Absence, Post
from identity.offices.powers import Power
from identity.people.models import Person
from portal.kit import clock
from services.cases import routing
from services.cases.models import CaseMessage, WorkItem
from services.cases.queries.calendars import calendar_of
from services.cases.queries.official import PAUSED
from services.notices import queries as notices

BATCH = 200


@dataclass(frozen=True, slots=True)
class Morning:
    """Figures of one official."""

    overdue: int = 0
    due_today: int = 0
    unclaimed: int = 0
    of_absent: int = 0
    messages: int = 0


def officials_with_work(after: int, limit: int = BATCH) -> list[Person]:
    """The next officials by key for whom something waits, without those who switched the summary off. One query."""
    posts = _current_posts().filter(person=OuterRef("pk"))
    away = Absence.objects.filter(_today(), deputy=OuterRef("pk"))
    something = (
        Exists(_urgent().filter(claimed_by=OuterRef("pk")))
        | Exists(posts.filter(Exists(_unclaimed_at_post())))
        | Exists(posts.filter(Exists(_of_absent_at_post()), powers__contains=[Power.LEAD.value]))
        | Exists(away.filter(Exists(_open().filter(claimed_by=OuterRef("person")))))
        | Exists(_unread().filter(case__work_items__in=_open().filter(claimed_by=OuterRef(OuterRef("pk")))))
    )
    officials = Person.objects.filter(something, kind=Person.Kind.OFFICIAL, is_active=True, pk__gt=after)
    return list(officials.exclude(pk__in=notices.without_digest()).order_by("pk")[:limit])


def mornings(people: Collection[int]) -> dict[int, Morning]:
    """The figures of these officials. Five queries, however many they are."""
    found = dict.fromkeys(people, Morning())
    now = clock.now()
    own = _urgent().filter(claimed_by__in=people).order_by().values("claimed_by")
    for row in own.annotate(overdue=Count("pk", filter=Q(due_at__lt=now)), due=Count("pk", filter=Q(due_at__gte=now))):
        found[row["claimed_by"]] = replace(found[row["claimed_by"]], overdue=row["overdue"], due_today=row["due"])
    posts = _current_posts().filter(person__in=people)
    for person, count in posts.annotate(count=_counted(_unclaimed_at_post())).values_list("person", "count"):
        found[person] = replace(found[person], unclaimed=found[person].unclaimed + count)
    heads = posts.filter(powers__contains=[Power.LEAD.value])
    for person, count in heads.annotate(count=_counted(_of_absent_at_post())).values_list("person", "count"):
        found[person] = replace(found[person], of_absent=found[person].of_absent + count)
    # A deputy who heads the office has counted these already.
    headed = _current_posts().filter(
        person=OuterRef(OuterRef("deputy")), office=OuterRef("office"), powers__contains=[Power.LEAD.value]
    )
    held = _open().filter(~Exists(headed), claimed_by=OuterRef("person"))
    for person, count in (
        Absence.objects.filter(_today(), deputy__in=people).annotate(count=_counted(held)).values_list("deputy", "count")
    ):
        found[person] = replace(found[person], of_absent=found[person].of_absent + count)
    unread = _unread().filter(case__work_items__state=WorkItem.State.OPEN, case__work_items__claimed_by__in=people)
    for row in unread.order_by().values(person=F("case__work_items__claimed_by")).annotate(count=Count("pk", distinct=True)):
        found[row["person"]] = replace(found[row["person"]], messages=row["count"])
    return found


def at_work_today(people: Collection[int]) -> set[int]:
    """Those for whom today is a working day at one of their offices. One query."""
    today = clock.today()
    posts = _current_posts().filter(person__in=people).select_related("office")
    return {post.person_id for post in posts if calendar_of(post.office).works(today)}


def _today() -> Q:
    return Q(since__lte=clock.today(), until__gte=clock.today())


def _current_posts() -> QuerySet[Post]:
    today = clock.today()
    return Post.objects.filter(Q(until=None) | Q(until__gte=today), since__lte=today, office__is_active=True)


def _open() -> QuerySet[WorkItem]:
    return WorkItem.objects.filter(state=WorkItem.State.OPEN)


def _moving() -> QuerySet[WorkItem]:
    """Open items whose case does not wait for its applicant."""
    return _open().exclude(~Q(kind=routing.Kind.WITHDRAWAL), case__state__in=PAUSED)


def _urgent() -> QuerySet[WorkItem]:
    return _moving().filter(due_at__lt=_end_of_today())


def _end_of_today() -> datetime:
    return datetime.combine(clock.today() + timedelta(days=1), time(), clock.HERE)


def _unclaimed_at_post() -> QuerySet[WorkItem]:
    """Items nobody holds at the office of a post that has their power; for a query of posts."""
    fits = Func(OuterRef("powers"), F("power"), function="array_position", output_field=IntegerField())
    return _moving().filter(office=OuterRef("office"), claimed_by=None).annotate(fits=fits).filter(fits__isnull=False)


def _of_absent_at_post() -> QuerySet[WorkItem]:
    """Items at the office of a post that colleagues hold who are away today; for a query of posts."""
    away = Absence.objects.filter(_today()).values("person")
    return _open().filter(office=OuterRef("office"), claimed_by__in=away).exclude(claimed_by=OuterRef("person"))


def _unread() -> QuerySet[CaseMessage]:
    return CaseMessage.objects.filter(office=None, sent_at__isnull=False, read_at=None)


def _counted(items: QuerySet[WorkItem]) -> Coalesce:
    count = items.order_by().annotate(all=Func(F("pk"), function="COUNT", output_field=IntegerField())).values("all")
    return Coalesce(Subquery(count), 0, output_field=IntegerField())
