"""The promise: the control sheet tells who had a case from whom, how each limit was kept, and what turned its course."""

from datetime import UTC, datetime, timedelta

from services.cases.control_sheet import HandOver, Happening, Kept, Mark, Pause, Stay, kept, rows

T0 = datetime(2026, 11, 23, 2, 0, tzinfo=UTC)


def at(hours: float) -> datetime:
    return T0 + timedelta(hours=hours)


def stay(key: int, title: str, opened: float, due: float, ended: float | None = None, **more: object) -> Stay:
    facts = {"kind": "appraise", "round": 1, "office": f"Phòng {key}", "own_limit": True} | more
    facts.setdefault("state", "open" if ended is None else "done")
    return Stay(
        key=key,
        title=title,
        opened_at=at(opened),
        due_at=at(due),
        finished_at=None if ended is None else at(ended),
        **facts,  # type: ignore[arg-type]
    )


def event(sequence: int, hours: float, action: str, item: int | None = None, **more: object) -> Happening:
    facts = {"before": 4, "after": 4, "office": "", "person": f"người {sequence}"} | more
    return Happening(sequence=sequence, at=at(hours), action=action, item=item, **facts)  # type: ignore[arg-type]


STAYS = [
    stay(1, "Tiếp nhận", 0, 8, 2, kind="receive"),
    stay(2, "Lấy ý kiến A", 2, 10, 4, kind="consult", result="Đồng ý"),
    stay(3, "Lấy ý kiến B", 2, 10, 11, kind="consult", result="Im lặng"),
    stay(4, "Lấy ý kiến C", 2, 10, 10, kind="consult", result="Đồng ý"),
    stay(5, "Dự thảo", 11, 15, 12, state="cancelled"),
    stay(6, "Lấy ý kiến A", 12, 20, 14, kind="consult", round=2),
    stay(7, "Hỏi thêm", 13, 18, 14, kind="consult", asked_by=6, question="?"),
    stay(8, "Dự thảo", 14, 16),
]
EVENTS = [
    event(1, 0, "file", before=0, after=1, person="chủ hồ sơ"),
    event(2, 1, "claim", 1),
    event(3, 2, "accept", 1, before=1, after=2, office="Phòng 1"),
    event(4, 3, "claim", 2),
    event(5, 4, "give_opinion", 2, note="Được"),
    event(6, 5, "request_supplement", 4, after=5, note="Thiếu bản vẽ"),
    event(7, 9, "answer_supplement", before=5),
    event(8, 10, "give_opinion", 4),
    event(9, 11, "silence", 3, person=""),
    event(10, 11.5, "claim", 5),
    event(11, 12, "return_step", 5, office="Phòng 5", note="Hỏi lại A"),
    event(12, 12.5, "claim", 6),
    event(13, 13.01, "consult", 6, opened=(7,)),
    event(14, 13.5, "give_opinion", 7),
    event(15, 14, "give_opinion", 6),
    event(16, 14.5, "extend", office="Lãnh đạo"),
    event(17, 15, "assign", 8, holder="Lan"),
    event(18, 15.5, "assign", 8, holder="Bảo"),
]


def test_limits_are_compared_to_the_minute() -> None:
    due = at(8)
    assert kept(due, due + timedelta(seconds=40), due) is Kept.ON
    assert kept(due, due - timedelta(minutes=1), due) is Kept.BEFORE
    assert kept(due, due + timedelta(minutes=1), due) is Kept.AFTER
    assert kept(due, None, due) is Kept.OPEN
    assert kept(due, None, due + timedelta(minutes=1)) is Kept.LATE


def test_every_hand_over_names_giver_taker_and_how_the_limit_was_kept() -> None:
    found = rows(STAYS, EVENTS, "chủ hồ sơ", at(17))
    given = {row.stay.key: row for row in found if isinstance(row, HandOver)}
    assert (given[1].giver, given[1].taker, given[1].taken_at) == ("chủ hồ sơ", "người 2", at(1))
    assert {given[key].giver_office for key in (2, 3, 4)} == {"Phòng 1"}
    assert [given[key].kept for key in (2, 3, 4)] == [Kept.BEFORE, Kept.AFTER, Kept.ON]
    assert given[5].given_at == at(11)
    assert given[7].given_at == at(13.01)
    assert (given[8].taker, [move.holder for move in given[8].moves], given[8].kept) == ("Lan", ["Bảo"], Kept.LATE)


def test_a_return_is_told_where_it_ended_a_step_and_where_it_began_another() -> None:
    given = {row.stay.key: row for row in rows(STAYS, EVENTS, "", at(17)) if isinstance(row, HandOver)}
    assert given[5].kept is Kept.DROPPED
    assert given[5].dropped_by == given[6].why == EVENTS[10]
    assert given[6].giver_office == "Phòng 5"
    assert given[8].why is None
    assert given[8].given_at == at(14), "an answer to a question beside the route passes nothing on"


def test_pauses_and_marks_stand_where_they_came_about() -> None:
    found = rows(STAYS, EVENTS, "", at(17))
    (pause,) = [row for row in found if isinstance(row, Pause)]
    assert (pause.at, pause.until, pause.asked.note) == (at(5), at(9), "Thiếu bản vẽ")
    assert [row.happening.action for row in found if isinstance(row, Mark)] == ["extend"]
    assert [row.at for row in found] == sorted(row.at for row in found)
