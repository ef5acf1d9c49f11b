"""What is typed into a page, and how two devices' typing comes together: nothing is lost, nothing is overwritten silently."""

from hypothesis import given
from hypothesis import strategies as st

from services.cases import typed

KEYS = ["owner", "owner_name", "birth", "site", "members"]
TEXTS = st.lists(st.sampled_from(["", "a", "b", " a "]), max_size=2)
PAGES = st.dictionaries(
    st.sampled_from(["owner", "owner_name", "birth_day", "site-ward", "members-0-name", "members-rows"]), TEXTS, max_size=6
)


def test_an_input_belongs_to_the_question_with_the_longest_fitting_key() -> None:
    names = {"owner_name": "owner_name", "owner": "owner", "birth_day": "birth", "site-ward": "site", "members-0-name": "members"}
    assert {name: typed.question_of(name, KEYS) for name in names} == names
    assert typed.question_of("_revision", KEYS) == ""
    assert typed.question_of("ownership", KEYS) == ""


def test_buttons_and_secrets_are_not_answers() -> None:
    sent = [("owner", ["An"]), ("csrfmiddlewaretoken", ["x"]), ("_leave", ["1"]), ("_was.owner", ["Bình"])]
    assert typed.inputs(sent) == {"owner": ["An"]}
    assert typed.before(sent) == {"owner": ["Bình"]}


def test_what_was_changed_here_wins_and_the_rest_is_taken_from_there() -> None:
    here = {"owner": ["An"], "owner_name": ["cũ"], "birth_day": ["1"]}
    there = {"owner": ["Chi"], "owner_name": ["mới"], "birth_day": ["1"]}
    found = typed.merged(here, {"owner": ["Bình"]}, there, KEYS)
    assert found.inputs == {"owner": ["An"], "owner_name": ["mới"], "birth_day": ["1"]}
    assert (found.taken, found.both) == (["owner_name"], ["owner"])


def test_a_change_made_only_here_is_nobody_elses_news() -> None:
    found = typed.merged({"owner": ["An"]}, {"owner": ["Bình"]}, {"owner": ["Bình"]}, KEYS)
    assert (found.inputs, found.taken, found.both) == ({"owner": ["An"]}, [], [])


def test_a_group_is_one_question_whose_rows_are_not_mixed() -> None:
    here = {"members-rows": ["1"], "members-0-name": ["An"]}
    there = {"members-rows": ["2"], "members-0-name": ["Bình"], "members-1-name": ["Chi"]}
    assert typed.merged(here, {}, there, KEYS).inputs == there
    assert typed.merged(here, {"members-0-name": [""]}, there, KEYS).inputs == here


def test_the_same_answer_written_differently_is_no_difference() -> None:
    here, there = {"owner": ["1500000"]}, {"owner": ["1.500.000"]}
    assert typed.differing(here, there, KEYS) == ["owner"]
    assert typed.differing(here, there, KEYS, same={"owner"}) == []
    assert typed.differing({"owner": [" An "], "birth_day": [""]}, {"owner": ["An"]}, KEYS) == []


@given(PAGES, PAGES, PAGES)
def test_everything_typed_here_stays_and_everything_else_is_told(
    here: typed.Inputs, was: typed.Inputs, there: typed.Inputs
) -> None:
    found = typed.merged(here, was, there, KEYS)
    changed = {typed.question_of(name, KEYS) for name in was}
    mine, theirs, result = (typed.by_question(page, KEYS) for page in (here, there, found.inputs))
    for key in KEYS:
        if key in changed:
            assert result.get(key, {}) == mine.get(key, {})
        elif key in found.taken:
            assert result.get(key, {}) == theirs.get(key, {})
        else:
            assert not typed.differing(result.get(key, {}), theirs.get(key, {}), [key])


def test_text_that_is_no_answer_is_left_over() -> None:
    assert typed.left_over({"owner": ["12 ab"]}, KEYS, kept=[], wrong=[])
    assert typed.left_over({"owner": ["12 ab"]}, KEYS, kept=["owner"], wrong=["owner"])
    assert not typed.left_over({"members-rows": ["1"], "members-0-name": [""]}, KEYS, kept=[], wrong=[])
    assert not typed.left_over({"owner": ["An"], "birth_day": [" "]}, KEYS, kept=["owner"], wrong=[])


def test_the_revision_of_a_page_changes_with_it_and_only_then() -> None:
    one = typed.revision({"a": 1, "b": [2]}, None)
    assert one == typed.revision({"b": [2], "a": 1}, None)
    assert one != typed.revision({"a": 1, "b": [2]}, {"a": ["1"]})
    assert one != typed.revision({"a": 1}, None)


def test_a_page_is_read_as_a_browser_would_send_it() -> None:
    html = """
    <input name="a" value="x &amp; y"><input type="hidden" name="rows" value="2"><input name="off" value="1" disabled>
    <input type="radio" name="b" value="1"><input type="radio" name="b" value="2" checked>
    <input type="checkbox" name="c" value="1" checked><input type="checkbox" name="c" value="2" checked>
    <select name="d"><option value="">–</option><option value="7" selected>Bảy</option></select>
    <select name="e"><option value="">–</option><option value="8">Tám</option></select>
    <textarea name="f">
    hai
    dòng</textarea><button name="_add_rows">Thêm</button><input type="file" name="g">
    """
    assert typed.shown_in(html) == {
        "a": ["x & y"],
        "rows": ["2"],
        "b": ["2"],
        "c": ["1", "2"],
        "d": ["7"],
        "e": [""],
        "f": ["    hai\n    dòng"],
    }
