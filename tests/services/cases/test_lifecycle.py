"""The promise: a case moves only as the table says."""

import itertools

import pytest

from identity.offices.powers import CASE_POWERS, Power
from services.cases import lifecycle, routing
from services.cases.lifecycle import BY_NAME, TABLE, Actor, Clock, NotAllowed, State, Target, step, target
from services.cases.models import Case
from services.cases.wording import REFUSALS, TITLES

NATIONAL_MOVES = {
    (1, 2), (1, 3), (1, 5), (1, 7), (2, 4), (2, 5), (2, 6), (4, 5), (4, 6), (4, 8), (4, 9), (5, 1), (5, 2), (5, 4), (5, 7), (6, 4),
    (7, 8), (9, 10),
}  # fmt: skip


def moves() -> set[tuple[int, int]]:
    found = set()
    for action in TABLE:
        for source in action.sources:
            if action.target is Target.REOPENED:
                found |= {(int(source), int(State.FILED)), (int(source), int(State.IN_PROGRESS))}
            elif action.target is Target.BACK:
                found |= {(int(source), int(state)) for state in lifecycle.UNDER_WAY}
            elif action.target is not Target.SAME:
                found.add((int(source), int(action.target)))
    return found


def test_states_are_the_national_codes() -> None:
    assert {state.value: state.name for state in State} == {choice.value: choice.name for choice in Case.State}


def test_every_move_of_the_national_list_is_possible() -> None:
    assert moves() >= NATIONAL_MOVES


def test_nothing_leaves_a_closed_case_but_a_leader_who_opens_it_again() -> None:
    changing = [row for row in TABLE if row.target is not Target.SAME and row.sources & lifecycle.CLOSED]
    assert [row.name for row in changing] == ["reopen"]
    assert BY_NAME["reopen"].who == {Power.LEAD, Power.APPROVE}
    assert BY_NAME["reopen"].needs_reason


def test_an_opened_case_goes_on_where_it_can() -> None:
    assert target(BY_NAME["reopen"], State.STOPPED, None, accepted=True) is State.IN_PROGRESS
    assert target(BY_NAME["reopen"], State.NOT_ACCEPTED, None, accepted=False) is State.FILED


@pytest.mark.parametrize("name", list(BY_NAME))
@pytest.mark.parametrize("state", list(State))
def test_an_action_is_refused_outside_its_states(name: str, state: State) -> None:
    action = BY_NAME[name]
    actor = action.who if isinstance(action.who, Actor) else None
    powers = frozenset() if actor else action.who
    if state in action.sources:
        assert step(name, state, powers=powers, actor=actor, reason="because") is action
    else:
        with pytest.raises(NotAllowed, match="state"):
            step(name, state, powers=powers, actor=actor, reason="because")


@pytest.mark.parametrize(("name", "power"), list(itertools.product(BY_NAME, Power)))
def test_only_the_powers_of_the_row_may(name: str, power: Power) -> None:
    action = BY_NAME[name]
    state = next(iter(action.sources))
    if not isinstance(action.who, Actor) and power in action.who:
        assert step(name, state, powers={power}, reason="because") is action
    else:
        with pytest.raises(NotAllowed, match="power"):
            step(name, state, powers={power}, reason="because")


def test_a_reason_is_demanded_before_anything_is_refused_to_the_applicant() -> None:
    for name in ("refuse", "request_supplement", "stop"):
        action = BY_NAME[name]
        assert not isinstance(action.who, Actor)
        with pytest.raises(NotAllowed, match="reason"):
            step(name, next(iter(action.sources)), powers=action.who, reason="  ")


def test_back_needs_somewhere_to_go_back_to() -> None:
    answer = BY_NAME["answer_supplement"]
    assert target(answer, State.SUPPLEMENT, State.FILED) is State.FILED
    with pytest.raises(NotAllowed):
        target(answer, State.SUPPLEMENT, None)


def test_whatever_pauses_the_clock_can_resume_or_stop_it() -> None:
    for action in TABLE:
        if action.clock is Clock.PAUSE:
            ways_on = [row for row in TABLE if action.target in row.sources and row.clock in (Clock.RESUME, Clock.STOP)]
            assert ways_on, action.name


def test_every_kind_of_step_has_a_power_and_a_way_to_finish_it() -> None:
    for kind in routing.Kind:
        power = routing.POWER_OF_KIND[kind]
        assert power in CASE_POWERS
        closing = [name for name in routing.ACTIONS_OF_KIND[kind] if name in routing.CLOSING]
        assert any(power in BY_NAME[name].who for name in closing), kind  # type: ignore[operator]


def test_every_action_and_refusal_has_words() -> None:
    assert set(TITLES) == set(BY_NAME)
    assert set(REFUSALS) == {"unknown", "state", "power", "reason"}
