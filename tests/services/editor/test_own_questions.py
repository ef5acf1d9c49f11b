"""The questions a step asks its office, as the settings of the step keep them."""

from typing import Any

from services.editor.own_questions import questions_of, rows_of

STEP: dict[str, Any] = {
    "key": "tham-dinh",
    "fields": [
        {"key": "so_tang", "kind": "number", "label": "Số tầng", "required": False, "help": "Theo quy hoạch"},
        {
            "key": "ket_luan",
            "kind": "choice",
            "label": "Kết luận",
            "choices": [{"value": "x1", "label": "Đạt"}, {"value": "x2", "label": "Chưa"}],
        },
    ],
}


def typed(*rows: dict[str, str]) -> dict[str, str]:
    found = {"noi-TOTAL_FORMS": str(len(rows)), "noi-INITIAL_FORMS": "2"}
    return found | {f"noi-{n}-{name}": value for n, row in enumerate(rows) for name, value in row.items()}


def test_nothing_sent_changes_nothing() -> None:
    assert questions_of(STEP, rows_of(STEP)) == STEP["fields"]
    assert questions_of({}, rows_of({})) is None


def test_questions_are_changed_added_and_taken_away_and_keep_what_the_list_does_not_show() -> None:
    rows = rows_of(
        STEP,
        typed(
            {"key": "so_tang", "label": "Số tầng nổi", "kind": "number"},
            {"key": "ket_luan", "label": "Kết luận", "kind": "choice", "choices": "Đạt\nKhông đạt", "required": "on"},
            {"label": "Số tầng", "kind": "text"},
            {"label": "", "kind": "text"},
        ),
    )
    assert rows.is_valid()
    first, second, third = questions_of(STEP, rows) or []
    assert first == {"key": "so_tang", "kind": "number", "label": "Số tầng nổi", "required": False, "help": "Theo quy hoạch"}
    assert second["choices"] == [{"value": "x1", "label": "Đạt"}, {"value": "khong-dat", "label": "Không đạt"}]
    assert (third["key"], third["kind"]) == ("so_tang_2", "text")
    gone = rows_of(STEP, typed({"key": "so_tang", "label": ""}, {"key": "ket_luan", "label": ""}))
    assert gone.is_valid()
    assert questions_of(STEP, gone) is None


def test_a_choice_needs_two_things_to_choose_from() -> None:
    rows = rows_of({}, typed({"label": "Kết luận", "kind": "choice", "choices": "Đạt"}))
    assert not rows.is_valid()
    assert "choices" in rows.errors[0]
