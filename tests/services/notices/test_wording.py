"""What people are told: every event, in both languages, in plain sentences that say where to look."""

import pytest

from services.notices.wording import EVENTS, UnknownEvent, compose

VALUES = {
    "number": "H29.27-261121-0001",
    "procedure": "Cấp giấy phép xây dựng mới đối với nhà ở riêng lẻ",
    "agency": "UBND phường Bến Thành",
    "office": "Bộ phận Một cửa",
    "return_place": "Bộ phận Một cửa phường Bến Thành",
    "due": "09:30 26/11/2026",
    "reason": "Thiếu bản vẽ 100% chữ ký",
    "url": "https://motcua.example/ho-so/H29.27-261121-0001/",
    "portal": "Một Cửa",
    "place": "Thành phố Hồ Chí Minh",
    "hotline": "1022",
    "sent_at": "14:30 21/11/2026",
}
NEEDED = {
    "filed",
    "accepted",
    "refused",
    "supplement_requested",
    "supplement_answered",
    "payment_requested",
    "payment_confirmed",
    "withdrawal_requested",
    "stopped",
    "in_progress",
    "completed",
    "returned",
    "document_ready",
    "virus_found",
}


def test_every_event_has_its_wording() -> None:
    assert set(EVENTS) == NEEDED
    with pytest.raises(UnknownEvent):
        compose("celebrated", "vi", VALUES)


@pytest.mark.parametrize("language", ["vi", "en"])
@pytest.mark.parametrize("event", sorted(NEEDED))
def test_says_what_happened_what_comes_next_and_where_to_look(event: str, language: str) -> None:
    text = compose(event, language, VALUES)
    assert VALUES["number"] in text.subject
    assert "\n" not in text.subject
    assert len(text.subject) <= 100
    for name in ("number", "procedure", "url", "reason", "hotline", "sent_at"):
        assert VALUES[name] in text.body
    assert "%(" not in text.body + text.subject
    assert ("09:30 26/11/2026" in text.body) is EVENTS[event].dated


@pytest.mark.parametrize("event", sorted(NEEDED))
def test_the_subject_names_nothing_but_the_case(event: str) -> None:
    subject = compose(event, "vi", VALUES).subject
    assert not any(VALUES[name] in subject for name in ("procedure", "reason", "agency", "due"))


@pytest.mark.parametrize("event", sorted(NEEDED))
def test_an_sms_is_short_and_has_the_address(event: str) -> None:
    text = compose(event, "vi", VALUES, short=True).body
    assert VALUES["url"] in text
    assert len(text) <= 240
    assert VALUES["reason"] not in text


def test_what_is_not_known_is_left_out() -> None:
    body = compose("accepted", "vi", VALUES | {"due": "", "reason": "", "hotline": "", "sent_at": ""}).body
    assert "\n\n\n" not in body
    assert "1022" not in body


def test_speaks_the_language_asked_for() -> None:
    assert "đã được tiếp nhận" in compose("accepted", "vi", VALUES).subject
    assert "has been accepted" in compose("accepted", "en", VALUES).subject
