"""Questions before filing: which are asked, what stops, what only warns, and that the answers come along."""

import html

import pytest
from django.test import Client
from django.urls import reverse

from identity.people.models import Person
from portal.kit.refusal import Refused
from services.cases import actions, beginning, eligibility, queries
from services.cases.models import Case
from services.catalogue import queries as catalogue
from services.catalogue.models import Procedure, Version
from tests import walk

CODE = "1.001612"
RAW = [
    {"key": "a", "question": "A?", "answer_needed": True, "refusal": "cần A", "stops": True},
    {"key": "b", "question": "B?", "answer_needed": False, "refusal": "B là điều cần biết", "stops": False},
    {
        "key": "c",
        "question": "C?",
        "answer_needed": True,
        "refusal": "cần C",
        "when": {"==": [{"var": "b"}, True]},
        "stops": True,
    },
]
QUESTIONS = eligibility.questions(RAW)


@pytest.mark.parametrize(
    ("answers", "asked", "waiting", "stopped", "warned", "fits"),
    [
        ({}, "ab", "ab", "", "", False),
        ({"a": True, "b": False}, "ab", "", "", "", True),
        ({"a": False, "b": False}, "ab", "", "a", "", False),
        ({"a": True, "b": True}, "abc", "c", "", "b", False),
        ({"a": True, "b": True, "c": True}, "abc", "", "", "b", True),
        ({"a": True, "b": True, "c": False}, "abc", "", "c", "b", False),
        ({"a": True, "b": False, "c": False}, "ab", "", "", "", True),
    ],
)
def test_what_the_answers_come_to(
    answers: dict[str, bool], asked: str, waiting: str, stopped: str, warned: str, fits: bool
) -> None:
    verdict = eligibility.judge(QUESTIONS, answers)
    lists = (verdict.asked, verdict.waiting, verdict.stopped, verdict.warned)
    assert tuple("".join(one.key for one in found) for found in lists) == (asked, waiting, stopped, warned)
    assert verdict.fits is fits


def test_only_answers_that_were_asked_for_are_kept() -> None:
    assert eligibility.counting(QUESTIONS, {"a": True, "b": False, "c": True, "z": True}) == {"a": True, "b": False}


def test_nothing_asked_fits() -> None:
    assert eligibility.judge([], {}).fits


pages = pytest.mark.django_db
GOOD = {"du-18": "yes", "da-co-ho": "no", "nganh-co-dieu-kien": "no"}
SEEN = {"da_hoi": "du-18 da-co-ho nganh-co-dieu-kien"}


@pytest.fixture
def shop(version: Version) -> Version:
    """A procedure with questions before filing."""
    return catalogue.version_of(CODE)


def page_of(response: object) -> str:
    return html.unescape(response.content.decode())  # type: ignore[attr-defined]


@pages
def test_the_start_page_leads_to_the_questions_first(client: Client, shop: Version) -> None:
    address = reverse("file_start", args=[CODE])
    page = page_of(client.get(address))
    assert reverse("file_eligibility", args=[CODE]) in page
    assert 'name="agency"' not in page
    agency = catalogue.agencies_for(shop)[0]
    sent = client.post(address, {"circumstance": shop.circumstances[0]["key"], "agency": str(agency.pk)})
    assert sent.status_code == 200, "without answers nothing is begun"


@pages
def test_fitting_answers_lead_on_and_come_along(mine: Client, owner: Person, shop: Version) -> None:
    onward = mine.post(reverse("file_eligibility", args=[CODE]), {**GOOD, **SEEN})["Location"]
    page = page_of(mine.get(onward))
    assert "Theo câu trả lời của bạn, các điều kiện đã đáp ứng" in page
    agency = catalogue.agencies_for(shop)[0]
    address = mine.post(onward, {"circumstance": "ca-nhan", "agency": str(agency.pk)})["Location"]
    assert not Case.objects.exists()
    mine.post(address, {"_leave": "1"})
    case = Case.objects.get(applicant=owner)
    assert case.provenance[queries.FITS]["answers"] == {"du-18": True, "da-co-ho": False, "nganh-co-dieu-kien": False}


@pages
def test_a_condition_that_is_not_met_is_named_with_its_reason(client: Client, shop: Version) -> None:
    page = page_of(client.post(reverse("file_eligibility", args=[CODE]), {**GOOD, **SEEN, "da-co-ho": "yes"}))
    assert "Một người chỉ được đăng ký một hộ kinh doanh" in page
    assert f"{reverse('procedure', args=[CODE])}#dieu-kien" in page
    assert "Vẫn tiếp tục nộp" not in page


@pages
def test_a_warning_lets_go_on(client: Client, shop: Version) -> None:
    page = page_of(client.post(reverse("file_eligibility", args=[CODE]), {**GOOD, **SEEN, "nganh-co-dieu-kien": "yes"}))
    assert "Vẫn tiếp tục nộp" in page
    assert f"{reverse('file_start', args=[CODE])}?dk=" in page


@pages
def test_a_missed_question_is_pointed_out(client: Client, shop: Version) -> None:
    response = client.post(reverse("file_eligibility", args=[CODE]), {**SEEN, "du-18": "yes", "da-co-ho": "no"})
    page = page_of(response)
    assert "Trả lời có hoặc không: Ngành, nghề" in page
    assert response.context["form"].errors.keys() == {"nganh-co-dieu-kien"}


@pages
def test_answers_of_another_version_or_made_up_do_not_count(client: Client, shop: Version, version: Version) -> None:
    assert beginning.read_fits(beginning.sign_fits(version, {"du-18": True}), shop) == {}
    assert beginning.read_fits("x", shop) == {}
    forged = f"{reverse('file_start', args=[CODE])}?dk={beginning.sign_fits(version, {'du-18': True})}"
    assert 'name="agency"' not in page_of(client.get(forged))


@pages
def test_where_nothing_is_asked_the_page_leads_to_the_start(client: Client, version: Version) -> None:
    address = reverse("file_eligibility", args=[version.procedure.code])
    assert client.get(address)["Location"] == reverse("file_start", args=[version.procedure.code])
    assert client.get(reverse("file_eligibility", args=["9.999999"])).status_code == 404


@pages
def test_asking_costs_little(client: Client, shop: Version, django_assert_num_queries: object) -> None:
    client.get(reverse("file_eligibility", args=[CODE]))
    with django_assert_num_queries(1):  # type: ignore[operator]
        client.get(reverse("file_eligibility", args=[CODE]))


@pages
def test_officials_see_what_was_answered(media: object, owner: Person, shop: Version) -> None:
    draft = walk.draft(owner, shop, catalogue.agencies_for(shop)[0])
    draft.provenance = {queries.FITS: {"answers": {"du-18": True, "da-co-ho": False, "nganh-co-dieu-kien": True}}}
    draft.save(update_fields=["provenance"])
    case = actions.file(draft, owner)
    walk.work(case)
    item = walk.next_step(case)
    assert item is not None
    official = Client()
    official.force_login(walk.holder(item))
    page = page_of(official.get(reverse("casework", args=[case.number])))
    assert "Đã trả lời trước khi điền hồ sơ" in page
    assert "(không phù hợp; người nộp đã được báo trước)" in page


@pages
def test_a_procedure_that_has_ended_is_not_begun(client: Client, version: Version) -> None:
    instead = Procedure.objects.get(code=CODE)
    Procedure.objects.filter(pk=version.procedure_id).update(
        retired_on="2026-01-02", retired_reason="Quyết định 99/QĐ-UBND", replaced_by=instead
    )
    address = reverse("file_start", args=[version.procedure.code])
    page = page_of(client.get(address))
    assert "Quyết định 99/QĐ-UBND" in page
    assert reverse("file_start", args=[CODE]) in page
    assert 'name="agency"' not in page
    assert client.get(reverse("file_eligibility", args=[CODE])).status_code == 200


@pages
@pytest.mark.usefixtures("media")
def test_a_draft_of_a_procedure_that_has_ended_is_not_filed(mine: Client, owner: Person, version: Version) -> None:
    draft = walk.draft(owner, version, catalogue.agencies_for(version)[0])
    Procedure.objects.filter(pk=version.procedure_id).update(retired_on="2026-01-02", retired_reason="Quyết định 99/QĐ-UBND")
    page = page_of(mine.post(reverse("file_submit", args=[draft.key]), {"declaration": "on"}))
    assert "Thủ tục này đã bị bãi bỏ" in page
    draft.refresh_from_db()
    assert draft.state == Case.State.DRAFT
    with pytest.raises(Refused) as caught:
        actions.start_draft(owner, Version.objects.get(pk=version.pk), draft.agency)
    assert caught.value.code == "procedure.retired"
