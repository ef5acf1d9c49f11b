"""The rules of notices: when a message leaves, with what others, by which way, in whose words, and whose report is believed."""

import json
from datetime import UTC, datetime, time, timedelta

import pytest
from hypothesis import given
from hypothesis import strategies as st

from portal.kit import clock
from services.notices import placeholders, reports
from services.notices.backoff import WAITS, WAITS_OF_CODES, next_attempt
from services.notices.channels import EMAIL, SMS, choose
from services.notices.coalescing import MOST, Waiting, batches
from services.notices.lanes import Group, Lane
from services.notices.quiet_hours import QuietHours

NOW = datetime(2026, 11, 24, 10, 0, tzinfo=clock.HERE)
LATER, EARLIER = NOW + timedelta(minutes=4), NOW - timedelta(minutes=1)


def test_waits_grow_and_end() -> None:
    for waits in (WAITS, WAITS_OF_CODES):
        times = [next_attempt(failures, NOW, waits) for failures in range(1, len(waits) + 1)]
        assert times == sorted(times, key=lambda moment: moment or NOW)
        assert next_attempt(len(waits) + 1, NOW, waits) is None
    assert sum(WAITS_OF_CODES, timedelta()) < timedelta(minutes=15)


@pytest.mark.parametrize(
    ("start", "end", "at", "until"),
    [
        ("21:00", "07:00", "2026-11-24 20:59", "2026-11-24 20:59"),
        ("21:00", "07:00", "2026-11-24 21:00", "2026-11-25 07:00"),
        ("21:00", "07:00", "2026-11-25 06:59", "2026-11-25 07:00"),
        ("21:00", "07:00", "2026-11-25 07:00", "2026-11-25 07:00"),
        ("12:00", "13:30", "2026-11-24 12:10", "2026-11-24 13:30"),
        ("12:00", "13:30", "2026-11-24 13:30", "2026-11-24 13:30"),
        ("08:00", "08:00", "2026-11-24 08:00", "2026-11-24 08:00"),
    ],
)
def test_quiet_hours(start: str, end: str, at: str, until: str) -> None:
    hours = QuietHours(time.fromisoformat(start), time.fromisoformat(end))
    assert f"{hours.end_of(datetime.fromisoformat(at).replace(tzinfo=clock.HERE)):%Y-%m-%d %H:%M}" == until


class TestWay:
    def test_email_before_sms_unless_chosen(self) -> None:
        assert choose(Group.PROGRESS, {}, {EMAIL, SMS}) == EMAIL
        assert choose(Group.PROGRESS, {}, {SMS}) == SMS
        assert choose(Group.PROGRESS, {"progress": SMS}, {EMAIL, SMS}) == SMS

    def test_one_that_is_not_reached_gives_way_to_another(self) -> None:
        assert choose(Group.PROGRESS, {"progress": SMS}, {EMAIL}) == EMAIL
        assert choose(Group.DUTY, {}, {EMAIL, SMS}, tried={EMAIL}) == SMS
        assert choose(Group.DUTY, {}, {EMAIL}, tried={EMAIL}) == ""

    def test_what_the_law_demands_cannot_be_silenced(self) -> None:
        assert choose(Group.PROGRESS, {"progress": ""}, {EMAIL}) == ""
        assert choose(Group.DUTY, {"duty": ""}, {EMAIL}) == EMAIL


class TestTogether:
    def test_ordinary_ones_go_together_once_one_is_due(self) -> None:
        waiting = [
            Waiting(1, EMAIL, Lane.NORMAL, EARLIER),
            Waiting(2, EMAIL, Lane.NORMAL, LATER),
            Waiting(3, SMS, Lane.NORMAL, LATER),
            Waiting(4, EMAIL, Lane.NOW, EARLIER),
            Waiting(5, EMAIL, Lane.DIGEST, EARLIER),
        ]
        assert batches(waiting, NOW) == [(4,), (5,), (1, 2)]
        assert batches([waiting[1], waiting[2]], NOW) == []

    @given(
        st.lists(
            st.builds(
                lambda channel, lane, minutes: (channel, lane, NOW + timedelta(minutes=minutes)),
                st.sampled_from([EMAIL, SMS]),
                st.sampled_from([Lane.NOW, Lane.NORMAL, Lane.DIGEST]),
                st.integers(-60, 60),
            ),
            max_size=60,
        )
    )
    def test_nothing_is_lost_or_doubled(self, rows: list[tuple[str, Lane, datetime]]) -> None:
        waiting = {key: Waiting(key, *row) for key, row in enumerate(rows)}
        left = [key for batch in batches(waiting.values(), NOW) for key in batch]
        assert len(left) == len(set(left))
        assert {key for key, one in waiting.items() if one.due <= NOW} <= set(left)
        for batch in batches(waiting.values(), NOW):
            assert len({waiting[key].channel for key in batch}) == 1
            assert len(batch) <= MOST
            assert len(batch) == 1 or all(waiting[key].lane is Lane.NORMAL for key in batch)


class TestOwnWording:
    def test_what_can_be_used(self) -> None:
        assert placeholders.problems("Hồ sơ {number}", "{agency} đã nhận. Xem {url}", "sms") == []
        assert placeholders.fill("{number}: {due}.", {"number": "7"}) == "7: ."

    @pytest.mark.parametrize(
        ("subject", "body", "found"),
        [
            ("{numbr}", "{url}", ("subject", "unknown", "numbr")),
            ("{reason}", "{url}", ("subject", "in_subject", "reason")),
            ("{number}", "{url} {", ("body", "brace", "")),
            ("{number}", "Xem cổng", ("body", "address", "url")),
            ("{number}", "{url}" + "x" * 300, ("body", "long", "300")),
        ],
    )
    def test_what_cannot(self, subject: str, body: str, found: tuple[str, str, str]) -> None:
        assert placeholders.problems(subject, body, "sms") == [found]


class TestReports:
    BODY = json.dumps({"reports": [{"reference": "a", "state": "bounced", "permanent": True, "reason": "550 an@x.vn"}]}).encode()

    def test_are_believed_with_a_fresh_signature_only(self) -> None:
        at = int(NOW.timestamp())
        header = reports.signature("secret", at, self.BODY)
        assert reports.is_signed("secret", header, self.BODY, NOW)
        assert not reports.is_signed("other", header, self.BODY, NOW)
        assert not reports.is_signed("secret", header, self.BODY + b" ", NOW)
        assert not reports.is_signed("secret", header.replace(f"t={at}", f"t={at + 1}"), self.BODY, NOW)
        assert not reports.is_signed("secret", header, self.BODY, NOW + timedelta(seconds=301))
        assert not reports.is_signed("", reports.signature("", at, self.BODY), self.BODY, NOW)
        assert not reports.is_signed("secret", "t=1", self.BODY, datetime(2026, 1, 1, tzinfo=UTC))

    def test_keep_no_words_of_mail_servers(self) -> None:
        assert reports.read(self.BODY) == [reports.Report("a", "bounced", True, "550")]

    @pytest.mark.parametrize(
        "body",
        [
            "", "[]", "{}", '{"reports": 1}', '{"reports": [1]}', '{"reports": [{"reference": "", "state": "bounced"}]}',
            '{"reports": [{"reference": "a", "state": "lost"}]}',
            '{"reports": [{"reference": "a", "state": "bounced", "permanent": "yes"}]}',
        ],
    )  # fmt: skip
    def test_anything_else_is_refused(self, body: str) -> None:
        with pytest.raises(reports.Unreadable):
            reports.read(body.encode())
