"""The promised date on the case page: how it stands, and why it is what it is."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Any

from django.utils.functional import Promise
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy, ngettext

from portal.kit.templatetags.portal import hours, local_date, local_datetime
from services.cases import lifecycle, queries
from services.cases.deadline_story import Line, Part, Piece, Start, Story
from services.cases.deadlines import Unit
from services.cases.models import Case, CaseEvent
from services.cases.queries.deadline_story import story_of
from services.cases.standing import checked_by

STARTS: dict[Start, str | Promise] = {
    Start.OPENING: gettext_lazy("It was accepted outside the office hours, so it counts from the next session."),
    Start.LAST_HOUR: gettext_lazy("It was accepted in the last hour of the day, so it counts from the next working morning."),
    Start.SAME_DAY: gettext_lazy("It was accepted at 15:00 or later, so a same-day procedure counts from the next working day."),
    Start.CLOSED: gettext_lazy("It was accepted after the office had closed, so it counts from the next working morning."),
    Start.DAY_OFF: gettext_lazy("It was accepted on a day off, so it counts from the next working morning."),
}
PAUSED_FOR: dict[str, str | Promise] = {
    "request_supplement": gettext_lazy("a supplement was awaited"),
    "request_payment": gettext_lazy("a payment was awaited"),
    "request_withdrawal": gettext_lazy("a withdrawal was being decided on"),
}
PIECES: dict[Piece, str | Promise] = {
    Piece.USED: gettext_lazy("Used"),
    Piece.PAUSED: gettext_lazy("Clock stood still"),
    Piece.LEFT: gettext_lazy("Left"),
    Piece.OVER: gettext_lazy("Too late"),
}


@dataclass(frozen=True, slots=True)
class Said:
    """One line of the story in words: the working minutes it counts for, and the date as it then stood."""

    text: str
    minutes: int
    due: datetime
    first: bool


def deadline_part(case: Case, events: Sequence[CaseEvent]) -> dict[str, Any]:
    """The promise, how it stands, the story of it, and the meter."""
    facts = queries.deadline_facts(case)
    story = story_of(case, events)
    unaccepted = facts is None and case.state in lifecycle.OPEN and case.filed_at is not None
    limit = queries.limit_text(case)
    return {
        "facts": facts,
        "deadline_band": (facts.standing if facts else ""),
        "limit": limit,
        "story": story,
        "story_lines": [_said(line, limit) for line in story.lines] if story else [],
        "story_sentence": _sentence(story, limit) if story else "",
        "story_days": _days(story) if story else [],
        "calendar_days": case.limit[1] == Unit.CALENDAR_DAY,
        "pieces": [(piece.value, PIECES[piece], story.minutes(piece)) for piece in Piece if story.minutes(piece)]
        if story
        else [],
        "checked_by": checked_by(case.filed_at, queries.calendar_of(case.agency)) if unaccepted and case.filed_at else None,
    }


def _sentence(story: Story, limit: str) -> str:
    """`thời hạn 7 ngày làm việc tính từ …; cộng …` in one breath."""
    last_start = max(n for n, line in enumerate(story.lines) if line.part in (Part.LIMIT, Part.RESTART))
    counted = story.lines[last_start:]
    parts = [_("%(limit)s from %(start)s") % {"limit": limit, "start": local_datetime(story.started_at)}]
    stood = sum(line.minutes for line in counted if line.part in (Part.PAUSE, Part.REOPENED))
    if stood:
        parts.append(_("plus %(time)s during which the clock stood still") % {"time": hours(stood)})
    if any(line.part is Part.EXTENSION for line in counted):
        parts.append(_("put off once, with an apology"))
    if any(line.part is Part.RECOUNTED for line in counted):
        parts.append(_("the calendar was changed since"))
    off = [day for day in story.days if not day.works]
    if off:
        count = ngettext("%(count)d day off does not count", "%(count)d days off do not count", len(off)) % {"count": len(off)}
        parts.append(count)
    return "; ".join(parts)


def _said(line: Line, limit: str) -> Said:
    facts = {
        "since": local_datetime(line.since),
        "until": local_datetime(line.until),
        "time": hours(line.minutes),
        "limit": limit,
    }
    match line.part:
        case Part.LIMIT | Part.RESTART:
            text = (
                _("The time limit is %(limit)s, counted from %(since)s.")
                if line.part is Part.LIMIT
                else _("After the supplement the whole limit of %(limit)s counts again, from %(since)s.")
            ) % facts
            why = STARTS.get(line.start, "")
            text = f"{text} {why}".strip()
        case Part.PAUSE | Part.STANDING:
            facts["why"] = str(PAUSED_FOR.get(line.action, ""))
            text = (
                _("From %(since)s to %(until)s %(why)s: the date moved by %(time)s.")
                if line.part is Part.PAUSE
                else _("Since %(since)s %(why)s: so far %(time)s, by which the date will move.")
            ) % facts
        case Part.EXTENSION:
            text = _("The date was put off from %(since)s to %(until)s, with an apology.") % facts
        case Part.REOPENED:
            text = _("From %(since)s to %(until)s the case was closed: the date moved by %(time)s.") % facts
        case Part.RECOUNTED:
            text = (
                _(
                    "What was promised is %(until)s: the calendar was changed after the promise, or the case passed to another agency."
                )
                % facts
            )
    return Said(text, line.minutes, line.due, line.part in (Part.LIMIT, Part.RESTART))


def _days(story: Story) -> list[str]:
    """`24/11/2026 (Ngày Văn hóa Việt Nam)`, and weekends as one number."""
    found = []
    for day in story.days:
        text = local_date(day.day) + (f" ({day.name})" if day.name else "")
        found.append(_("%(day)s, a make-up working day") % {"day": text} if day.works else text)
    if story.weekend_days:
        weekend = ngettext("%(count)d day of weekends", "%(count)d days of weekends", story.weekend_days)
        found.append(weekend % {"count": story.weekend_days})
    return found
