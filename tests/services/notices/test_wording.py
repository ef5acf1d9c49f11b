"""What people are told: every event, in both languages, in plain sentences that say where to look."""

import pytest

from services.notices import wording
from services.notices.lanes import Group
from services.notices.wording import EVENTS, OWN_WORDING, UnknownEvent, Wording, compose, officials, residents

VALUES = {
    "number": "H29.27-261121-0001",
    "procedure": "Cấp giấy phép xây dựng mới đối với nhà ở riêng lẻ",
    "agency": "UBND phường Bến Thành",
    "office": "Bộ phận Một cửa",
    "return_place": "Bộ phận Một cửa phường Bến Thành",
    "due": "09:30 26/11/2026",
    "reason": "Thiếu bản vẽ 100% chữ ký",
    "url": "https://motcua.example/ho-so/H29.27-261121-0001/",
}
OF_CASES = sorted(OWN_WORDING)


def test_events_of_applicants_and_officials_have_names_of_their_own() -> None:
    assert len(EVENTS) == len(residents.EVENTS) + len(officials.EVENTS)
    assert set(EVENTS) - set(OWN_WORDING) == {"digest", "cases_overdue", "address_not_working"}
    with pytest.raises(UnknownEvent):
        compose("celebrated", "vi", VALUES)


@pytest.mark.parametrize("language", ["vi", "en"])
@pytest.mark.parametrize("event", OF_CASES)
def test_says_what_happened_what_comes_next_and_where_to_look(event: str, language: str) -> None:
    text = compose(event, language, VALUES)
    assert VALUES["number"] in text.subject
    assert "\n" not in text.subject
    assert len(text.subject) <= 100
    for name in ("number", "procedure", "url", "reason"):
        assert VALUES[name] in text.body
    assert "%(" not in text.body + text.subject
    assert ("09:30 26/11/2026" in text.body) is EVENTS[event].dated
    assert (event in residents.EVENTS) is ("\n\n" + {"vi": "Việc tiếp theo", "en": "What comes next"}[language] in text.body)
    assert not any(VALUES[name] in text.subject for name in ("procedure", "reason", "agency", "due"))


@pytest.mark.parametrize("event", OF_CASES)
def test_an_sms_is_short_and_has_the_address(event: str) -> None:
    text = compose(event, "vi", VALUES, short=True).body
    assert VALUES["url"] in text
    assert len(text) <= 240
    assert VALUES["reason"] not in text


def test_what_is_not_known_is_left_out() -> None:
    body = compose("accepted", "vi", {"number": "7"}).body
    assert "\n\n\n" not in body
    assert "09:30" not in body


def test_a_summary_names_what_waits_only() -> None:
    body = compose(
        "digest", "vi", {"day": "24/11/2026", "overdue": "2", "due_today": "0", "messages": "", "url": "http://x/"}
    ).body
    assert "Quá hạn, bạn đang giữ: 2" in body
    assert "Đến hạn hôm nay" not in body
    assert "Tin nhắn" not in body


def test_what_the_law_demands_is_of_the_group_that_cannot_be_silenced() -> None:
    duty = {name for name, said in EVENTS.items() if said.group is Group.DUTY}
    assert {"accepted", "refused", "supplement_requested", "stopped", "extended", "completed"} <= duty
    assert not duty & set(officials.EVENTS)


def test_several_as_one() -> None:
    texts = [Wording(f"Hồ sơ {number} đã có kết quả", f"Nội dung {number}\n") for number in range(3)]
    mail = wording.together(texts, "vi", inbox="http://x/hop-thu/", portal="Một Cửa")
    assert mail.subject == "3 thông báo từ Một Cửa"
    assert all(text.body.strip() in mail.body and text.subject in mail.body for text in texts)
    sms = wording.together(texts, "vi", inbox="http://x/hop-thu/", portal="Một Cửa", short=True).body
    assert all(text.subject in sms for text in texts)
    many = wording.together(texts * 6, "vi", inbox="http://x/hop-thu/", portal="Một Cửa", short=True).body
    assert many == "18 thông báo từ Một Cửa. Xem http://x/hop-thu/"


def test_speaks_the_language_asked_for() -> None:
    assert "đã được tiếp nhận" in compose("accepted", "vi", VALUES).subject
    assert "has been accepted" in compose("accepted", "en", VALUES).subject
