"""Two people publish: one proposes, another sees what changes and agrees or sends back. A procedure ends by a decision."""

from datetime import timedelta
from typing import Any

import pytest
from django.http import HttpResponse
from django.test import Client
from django.urls import reverse

from identity.people.models import Person
from portal.kit import clock
from services.catalogue import actions, queries
from services.catalogue.models import Procedure, VersionDraft
from tests.services.editor.browsing import send
from tests.services.editor.conftest import CODE

pytestmark = [pytest.mark.django_db, pytest.mark.usefixtures("edited_city")]


def text(answer: HttpResponse) -> str:
    return " ".join(answer.content.decode().split())


def fresh(draft: VersionDraft) -> VersionDraft:
    return queries.draft(draft.key)


def page(name: str, draft: VersionDraft) -> str:
    return reverse(f"editor_{name}", args=[draft.key])


@pytest.fixture
def renamed(hers: Client, permit: VersionDraft) -> VersionDraft:
    """A draft that says something else than the version in force."""
    send(hers, page("facts", permit), name="Cấp giấy phép xây dựng công trình")
    return fresh(permit)


def propose(client: Client, draft: VersionDraft, **given: str) -> Any:
    said = {"note": "Đổi tên theo Quyết định 12/QĐ-BXD", "revision": str(fresh(draft).revision), **given}
    return client.post(page("propose", draft), said)


def test_one_proposes_and_another_publishes(hers: Client, his: Client, anh: Person, khoi: Person, renamed: VersionDraft) -> None:
    assert khoi.full_name in text(hers.get(page("check", renamed)))
    assert propose(hers, renamed).url == page("check", renamed)
    assert "Cần một người khác đồng ý" in text(hers.get(page("check", renamed)))
    waiting = text(his.get(reverse("editor") + "?xem=cho-duyet"))
    assert page("check", renamed) in waiting
    shown = text(his.get(page("check", renamed)))
    assert "Đổi tên theo Quyết định 12/QĐ-BXD" in shown
    assert "Cấp giấy phép xây dựng công trình" in shown
    assert "Phê duyệt và công bố" in shown
    answer = his.post(page("approve", renamed), {"revision": str(fresh(renamed).revision)})
    assert answer.url == reverse("editor_procedure", args=[CODE])
    version = queries.version_of(CODE)
    assert (version.number, version.name) == (2, "Cấp giấy phép xây dựng công trình")
    assert (version.edited_by, version.approved_by) == (anh, khoi)
    listed = text(his.get(answer.url))
    assert f"{anh.full_name}; {khoi.full_name}" in listed
    assert reverse("editor_compare", args=[CODE, 1, 2]) in listed


def test_who_proposed_or_changed_it_cannot_approve_it(hers: Client, renamed: VersionDraft) -> None:
    propose(hers, renamed)
    shown = text(hers.get(page("check", renamed)))
    assert page("approve", renamed) not in shown
    answer = hers.post(page("approve", renamed), {"revision": str(fresh(renamed).revision)}, follow=True)
    assert "người thứ hai" in text(answer)
    assert fresh(renamed).state == VersionDraft.State.PROPOSED


def test_it_is_sent_back_with_a_reason_that_is_shown(hers: Client, his: Client, renamed: VersionDraft) -> None:
    propose(hers, renamed)
    revision = str(fresh(renamed).revision)
    assert "Cần sửa gì" in text(his.post(page("send_back", renamed), {"revision": revision, "answer": " "}))
    assert his.post(page("send_back", renamed), {"revision": revision, "answer": "Thiếu số quyết định"}).status_code == 302
    assert fresh(renamed).state == VersionDraft.State.EDITING
    assert "Thiếu số quyết định" in text(hers.get(page("facts", renamed)))
    assert "bị trả lại" in text(hers.get(reverse("editor")))


def test_nobody_agrees_to_what_they_have_not_seen(hers: Client, his: Client, renamed: VersionDraft) -> None:
    propose(hers, renamed)
    seen = str(fresh(renamed).revision)
    hers.post(page("reopen", renamed))
    send(hers, page("facts", renamed), name="Tên khác hẳn")
    propose(hers, renamed)
    his.post(page("approve", renamed), {"revision": seen})
    assert fresh(renamed).state == VersionDraft.State.PROPOSED
    assert queries.version_of(CODE).number == 1


def test_a_draft_with_problems_is_not_proposed(hers: Client, renamed: VersionDraft) -> None:
    send(hers, page("facts", renamed), name="")
    shown = text(hers.get(page("check", renamed)))
    assert page("propose", renamed) not in shown
    answer = propose(hers, renamed)
    assert "1 điểm phải sửa mới công bố được" in text(answer)
    assert fresh(renamed).state == VersionDraft.State.EDITING


def test_a_note_is_asked_for_and_a_day_in_the_past_refused(hers: Client, renamed: VersionDraft) -> None:
    assert "govuk-error-summary" in text(propose(hers, renamed, note=""))
    past = clock.today() - timedelta(days=1)
    day = {"starts_on_day": str(past.day), "starts_on_month": str(past.month), "starts_on_year": str(past.year)}
    assert "govuk-error-summary" in text(propose(hers, renamed, **day))
    assert fresh(renamed).state == VersionDraft.State.EDITING


def test_a_version_for_a_later_day_waits_for_it(hers: Client, his: Client, renamed: VersionDraft) -> None:
    later = clock.today() + timedelta(days=30)
    day = {"starts_on_day": str(later.day), "starts_on_month": str(later.month), "starts_on_year": str(later.year)}
    propose(hers, renamed, **day)
    answer = his.post(page("approve", renamed), {"revision": str(fresh(renamed).revision)}, follow=True)
    assert f"{later:%d/%m/%Y}" in text(answer)
    assert "chưa áp dụng" in text(answer)
    assert queries.version_of(CODE).number == 1


def test_changes_are_told_against_any_version(hers: Client, his: Client, renamed: VersionDraft) -> None:
    shown = text(hers.get(page("changes", renamed)))
    assert "1 điểm khác phiên bản 1" in shown
    propose(hers, renamed)
    his.post(page("approve", renamed), {"revision": str(fresh(renamed).revision)})
    compared = text(hers.get(reverse("editor_compare", args=[CODE, 1, 2])))
    assert "Cấp giấy phép xây dựng công trình" in compared
    chosen = hers.get(reverse("editor_choose", args=[CODE]), {"tu": "1", "den": "2"})
    assert chosen.url == reverse("editor_compare", args=[CODE, 1, 2])
    assert hers.get(reverse("editor_choose", args=[CODE]), {"tu": "x", "den": "2"}).status_code == 404


def test_a_draft_begins_from_an_older_version(hers: Client, his: Client, renamed: VersionDraft) -> None:
    name = queries.version_of(CODE).name
    propose(hers, renamed)
    his.post(page("approve", renamed), {"revision": str(fresh(renamed).revision)})
    hers.post(reverse("editor_change", args=[CODE]), {"version": "1"})
    draft = queries.open_draft_of(CODE)
    assert draft is not None
    assert draft.content["name"] == name
    assert hers.post(reverse("editor_change", args=["1.001193"]), {"version": "7"}).status_code == 404


def test_a_procedure_is_ended_and_goes_on_again(hers: Client, anh: Person) -> None:
    address = reverse("editor_retire", args=[CODE])
    later = clock.today() + timedelta(days=10)
    day = {"on_day": str(later.day), "on_month": str(later.month), "on_year": str(later.year)}
    given = {**day, "reason": "Quyết định 99/QĐ-UBND", "replaced_by": "1.001193"}
    assert "govuk-error-summary" in text(hers.post(address, given)), "not without confirming"
    assert "govuk-error-summary" in text(hers.post(address, {**given, "sure": "on", "replaced_by": "9.999999"}))
    assert hers.post(address, {**given, "sure": "on"}).url == reverse("editor_procedure", args=[CODE])
    ended = Procedure.objects.get(code=CODE)
    assert (ended.retired_on, ended.retired_reason) == (later, "Quyết định 99/QĐ-UBND")
    shown = text(hers.get(reverse("editor_procedure", args=[CODE])))
    assert f"{later:%d/%m/%Y}" in shown
    assert "1.001193" in shown
    assert anh.full_name in shown
    hers.post(reverse("editor_unretire", args=[CODE]))
    assert Procedure.objects.get(code=CODE).retired_on is None


def test_a_day_in_the_past_ends_nothing(hers: Client) -> None:
    given = {"on_day": "1", "on_month": "1", "on_year": "2020", "reason": "QĐ 1", "sure": "on"}
    assert "govuk-error-summary" in text(hers.post(reverse("editor_retire", args=[CODE]), given))
    assert Procedure.objects.get(code=CODE).retired_on is None


def test_a_new_procedure_is_published_by_two(hers: Client, his: Client, anh: Person) -> None:
    content = {**queries.content_of(queries.version_of(CODE)), "name": "Thủ tục mới"}
    draft = actions.start_draft(anh, "9.000009", content=content)
    propose(hers, draft)
    assert "Thủ tục mới, chưa công bố gì" in text(his.get(page("check", draft)))
    his.post(page("approve", draft), {"revision": str(fresh(draft).revision)})
    assert queries.version_of("9.000009").number == 1
