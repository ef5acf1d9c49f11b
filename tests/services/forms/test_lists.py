from services.forms import lists, sample
from services.forms.definition import KINDS, Kind, parse
from services.forms.in_words import amount_in_words
from services.forms.kinds import SILENT, UNASKED
from services.forms.questions import PARTS, QUESTIONS
from services.forms.schema import ANSWERS
from services.forms.wording import part_label
from tests.services.forms.forms import TODAY, field, page, raw


def test_the_lists_are_complete() -> None:
    assert len(lists.ethnic_groups()) == 54
    assert lists.ethnic_groups()[0] == ("kinh", "Kinh")
    assert len({value for value, _name in lists.ethnic_groups()}) == 54
    assert lists.countries()[0] == ("VN", "Việt Nam")
    assert dict(lists.countries("en"))["LA"] == "Laos"
    assert 240 < len(lists.countries()) < 260
    assert all(len(value) == 6 and value.isdigit() for value, _name in lists.banks())
    assert len({value for value, _name in lists.banks()}) == len(lists.banks()) > 40


def test_no_kind_is_forgotten() -> None:
    asked = {kind for kind in Kind if kind not in UNASKED | SILENT | {Kind.GROUP, Kind.TABLE}}
    whole = {kind for kind in asked if not KINDS[kind].parts or kind == Kind.MONEY}
    assert set(KINDS) == set(Kind)
    assert set(QUESTIONS) == whole
    assert set(ANSWERS) == asked
    assert set(sample.MADE) | set(sample.FIXED) == asked - {Kind.DECLARATION}
    for kind, facts in KINDS.items():
        assert set(facts.parts) <= set(PARTS)
        assert all(str(part_label(kind, part)) for part in facts.parts)


def test_a_sample_answers_only_what_is_required_when_asked_to() -> None:
    form = parse(raw(page(field("text", "a"), field("text", "b", required=False))))
    assert list(sample.answers(form, TODAY)) == ["a", "b"]
    assert list(sample.answers(form, TODAY, optional=False)) == ["a"]


def test_amounts_in_words() -> None:
    assert {number: amount_in_words(number) for number in (0, 5, 15, 21, 24, 105, 1005, 1500000, -10, 2000000005, 10**18)} == {
        0: "không đồng",
        5: "năm đồng",
        15: "mười lăm đồng",
        21: "hai mươi mốt đồng",
        24: "hai mươi tư đồng",
        105: "một trăm linh năm đồng",
        1005: "một nghìn không trăm linh năm đồng",
        1500000: "một triệu năm trăm nghìn đồng",
        -10: "âm mười đồng",
        2000000005: "hai tỷ không trăm linh năm đồng",
        10**18: "",
    }
    assert amount_in_words(1_500_000_000_000) == "một nghìn năm trăm tỷ đồng"
    assert amount_in_words(1_010_101_000) == "một tỷ không trăm mười triệu một trăm linh một nghìn đồng"
