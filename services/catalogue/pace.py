"""RULE: how the pace of a procedure is told."""

from dataclasses import dataclass
from datetime import date


@dataclass(frozen=True, slots=True)
class Measured:
    """The pace of one procedure since a day: working minutes without pauses, and percent on time."""

    procedure_id: int
    cases: int
    median_minutes: int
    ninetieth_minutes: int
    on_time: int
    since: date
