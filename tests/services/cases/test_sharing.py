"""The rule that says who gets work, and how long untouched work is kept."""

from datetime import UTC, datetime, timedelta

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from services.cases.sharing import NEVER_TOO_MUCH, OVERLOAD, Candidate, Hold, Reason, choose, hold

MORNING = datetime(2026, 11, 23, 1, tzinfo=UTC)
AN, BINH, CUC = 1, 2, 3


def codes(*candidates: Candidate) -> tuple[int, list[str]]:
    choice = choose(candidates)
    assert choice is not None
    return choice.person, [reason["code"] for reason in choice.reasons]


@pytest.mark.parametrize(
    ("candidates", "expected"),
    [
        ([Candidate(AN, "An", 9)], (AN, [Reason.ONLY])),
        ([Candidate(AN, "An", 3), Candidate(BINH, "Bình", 2)], (BINH, [Reason.LEAST])),
        ([Candidate(AN, "An", 3), Candidate(BINH, "Bình", 2, present=False)], (AN, [Reason.ONLY])),
        ([Candidate(BINH, "Bình", 2), Candidate(AN, "An", 2)], (AN, [Reason.NAME])),
        # Among equals who has been without new work longest; who never got any comes first.
        (
            [Candidate(AN, "An", 2, last_given=MORNING), Candidate(BINH, "Bình", 2, last_given=MORNING - timedelta(hours=1))],
            (BINH, [Reason.LONGEST]),
        ),
        ([Candidate(AN, "An", 2, last_given=MORNING), Candidate(BINH, "Bình", 2)], (BINH, [Reason.LONGEST])),
        # Who knows the case goes on with it, also with more in hand; not when it is far more.
        ([Candidate(AN, "An", 4, knows=True), Candidate(BINH, "Bình", 0)], (AN, [Reason.KNOWS])),
        ([Candidate(AN, "An", 6, knows=True), Candidate(BINH, "Bình", 4)], (AN, [Reason.KNOWS])),
        ([Candidate(AN, "An", 8, knows=True), Candidate(BINH, "Bình", 2)], (BINH, [Reason.LEAST, Reason.KNOWER_OVERLOADED])),
        # Who knows it is away: the deputy, if they may and are there.
        (
            [
                Candidate(AN, "An", 0, knows=True, present=False, deputy=CUC),
                Candidate(BINH, "Bình", 0),
                Candidate(CUC, "Cúc", 3),
            ],
            (CUC, [Reason.DEPUTY]),
        ),
        (
            [Candidate(AN, "An", 0, knows=True, present=False, deputy=CUC), Candidate(BINH, "Bình", 0)],
            (BINH, [Reason.ONLY, Reason.KNOWER_AWAY]),
        ),
        (
            [
                Candidate(AN, "An", 0, knows=True, present=False, deputy=CUC),
                Candidate(BINH, "Bình", 0),
                Candidate(CUC, "Cúc", 9),
            ],
            (BINH, [Reason.LEAST, Reason.KNOWER_OVERLOADED]),
        ),
    ],
)
def test_who_gets_it_and_why(candidates: list[Candidate], expected: tuple[int, list[str]]) -> None:
    assert codes(*candidates) == expected


def test_nobody_there() -> None:
    assert choose([]) is None
    assert choose([Candidate(AN, "An", 0, present=False, knows=True, deputy=BINH)]) is None


people = st.lists(
    st.builds(
        Candidate,
        person=st.integers(1, 8),
        name=st.sampled_from(["An", "Bình", "Cúc"]),
        load=st.integers(0, 12),
        present=st.booleans(),
        knows=st.booleans(),
        deputy=st.none() | st.integers(1, 8),
    ),
    max_size=8,
    unique_by=lambda one: one.person,
)


@settings(max_examples=300, deadline=None)
@given(people, st.randoms(use_true_random=False))
def test_always_somebody_who_is_there_never_overloaded_and_the_order_does_not_matter(
    candidates: list[Candidate], random: object
) -> None:
    choice = choose(candidates)
    there = {one.person: one for one in candidates if one.present}
    assert (choice is None) == (not there)
    if choice is None:
        return
    chosen = there[choice.person]
    least = min(one.load for one in there.values())
    mean = sum(one.load for one in there.values()) / len(there)
    assert chosen.load == least or chosen.load <= max(NEVER_TOO_MUCH, OVERLOAD * mean)
    assert choice.reasons
    shuffled = list(candidates)
    random.shuffle(shuffled)
    assert choose(shuffled) == choice


def test_work_given_one_after_the_other_is_shared_evenly() -> None:
    loads = {AN: 0, BINH: 0, CUC: 0}
    last: dict[int, datetime] = {}
    for number in range(30):
        choice = choose([Candidate(who, str(who), load, last_given=last.get(who)) for who, load in loads.items()])
        assert choice is not None
        loads[choice.person] += 1
        last[choice.person] = MORNING + timedelta(minutes=number)
    assert set(loads.values()) == {10}


@pytest.mark.parametrize(
    ("minutes", "limit", "expected"),
    [
        (12 * 60 - 1, 16, Hold.FRESH),
        (12 * 60, 16, Hold.WARN),
        (16 * 60 - 1, 16, Hold.WARN),
        (16 * 60, 16, Hold.OVER),
        (10_000, 0, Hold.FRESH),
    ],
)
def test_how_long_untouched_work_is_kept(minutes: int, limit: int, expected: Hold) -> None:
    assert hold(minutes, limit) is expected
