"""Trial runs of drafts: what can be tried, which runs there are, who would do the work."""

from collections import Counter
from collections.abc import Mapping
from datetime import timedelta
from typing import Any
from uuid import UUID

from django.db.models import Exists, OuterRef, Q, QuerySet

from identity.offices import queries as offices
from identity.offices.models import Office, Post
from portal.kit import clock
from services.cases.models import TrialRun
from services.catalogue import queries as catalogue
from services.catalogue.models import DraftChange, Version, VersionDraft

GRACE = timedelta(seconds=10)
GIVEN_UP = timedelta(minutes=5)
"""After this long a worker that began on a trial is taken for dead."""
UNFINISHED = (TrialRun.State.WAITING, TrialRun.State.RUNNING)
SHOWN = 20


def agencies_of(content: Mapping[str, Any]) -> QuerySet[Office]:
    """The agencies one could file with under this content."""
    return catalogue.agencies_for(Version(agency_function=str(content.get("agency_function") or "")))


def wards() -> QuerySet[Office]:
    """The wards there are."""
    return Office.objects.filter(kind=Office.Kind.WARD, is_active=True).exclude(ward_code="").order_by("name", "pk")


def titles_of_posts(office: Office, power: str) -> list[str]:
    """What the posts are called of those who hold the power at the office, such as `Chuyên viên (3)`."""
    held = Post.objects.filter(office=office, person__in=offices.holders(office, power), powers__contains=[str(power)])
    counted = Counter(held.order_by("title").values_list("title", flat=True))
    return [title if count == 1 else f"{title} ({count})" for title, count in counted.items()]


def _runs() -> QuerySet[TrialRun]:
    """Runs that know whether they are `outdated`: whether the content of the draft changed since, not just who has it."""
    later = DraftChange.objects.filter(draft=OuterRef("draft"), revision__gt=OuterRef("revision")).exclude(keys=[])
    return TrialRun.objects.annotate(outdated=Exists(later)).select_related("agency", "asked_by")


def trial(key: UUID) -> TrialRun:
    """One run. Raises TrialRun.DoesNotExist."""
    return _runs().select_related("draft", "agency", "asked_by").get(key=key)


def trials_of(draft: VersionDraft, most: int = SHOWN) -> list[TrialRun]:
    """The runs of a draft, the newest first, without their reports."""
    return list(_runs().filter(draft=draft).defer("report").order_by("-pk")[:most])


def last_trial(draft: VersionDraft) -> TrialRun | None:
    """The newest run of a draft that came to an end."""
    return _runs().filter(draft=draft).exclude(state__in=UNFINISHED).defer("report").order_by("-pk").first()


def trials_waiting() -> list[int]:
    """Keys of runs that no worker has begun, or whose worker has died."""
    now = clock.now()
    waiting = Q(state=TrialRun.State.WAITING, asked_at__lt=now - GRACE) | Q(
        state=TrialRun.State.RUNNING, tried_at__lt=now - GIVEN_UP
    )
    return list(TrialRun.objects.filter(waiting).order_by("asked_at").values_list("pk", flat=True)[:100])
