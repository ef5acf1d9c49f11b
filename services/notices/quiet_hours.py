"""RULE: hours in which a telephone does not ring for us."""

from dataclasses import dataclass
from datetime import datetime, time, timedelta

FROM, UNTIL = time(21), time(7)


@dataclass(frozen=True, slots=True)
class QuietHours:
    """From a time of the day until another, mostly over midnight; the same time twice: none."""

    start: time = FROM
    end: time = UNTIL

    def end_of(self, moment: datetime) -> datetime:
        """`moment` itself (local) when it is not quiet then, else the moment at which the quiet hours end."""
        at = moment.time()
        over_midnight = self.start > self.end
        is_quiet = (at >= self.start or at < self.end) if over_midnight else self.start <= at < self.end
        if not is_quiet:
            return moment
        day = moment.date() + timedelta(days=1 if over_midnight and at >= self.start else 0)
        return datetime.combine(day, self.end, moment.tzinfo)
