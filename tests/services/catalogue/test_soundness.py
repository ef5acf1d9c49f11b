"""Nothing is published that would leave a case at a desk where nobody sits."""

import copy
from typing import Any

import pytest

from identity.offices.models import Office, Post
from services.catalogue import queries
from services.catalogue.shapes import Problem
from tests.services.catalogue.test_drafting import sound

pytestmark = [pytest.mark.django_db, pytest.mark.usefixtures("demo")]


def found(**offices: dict[str, Any]) -> list[tuple[str, bool]]:
    """Places and whether they only warn, with the offices of some steps put otherwise."""
    return [(problem.place, problem.warning) for problem in listed(**offices)]


def listed(**offices: dict[str, Any]) -> list[Problem]:
    raw = copy.deepcopy(sound())
    for step in raw["route"]:
        step["office"] = offices.get(step["key"], step["office"])
    return queries.route_findings(raw)


def test_a_route_whose_every_desk_is_staffed_is_sound() -> None:
    assert found() == []


def test_a_code_no_office_has() -> None:
    assert found(hoi={"code": "H29.99.99"}) == [("route.hoi.office", False)]


def test_an_office_that_was_closed() -> None:
    Office.objects.filter(code="H29.12.04").update(is_active=False)
    assert found() == [("route.hoi.office", False)]


def test_an_office_where_nobody_holds_the_power() -> None:
    Post.objects.filter(office__code="H29.12.04").delete()
    (problem,) = listed()
    assert (problem.place, problem.warning) == ("route.hoi", False)
    assert problem.values["power"] == "process"


def test_a_power_named_by_the_step_counts() -> None:
    raw = sound()
    raw["route"][2]["power"] = "supervise"
    assert [problem.place for problem in queries.route_findings(raw)] == ["route.hoi"]


def test_people_who_have_left_do_not_count() -> None:
    Post.objects.filter(office__code="H29.12.04").update(until="2025-07-02")
    assert found() == [("route.hoi", False)]
    Post.objects.filter(office__code="H29.12.04").update(until=None)
    for post in Post.objects.filter(office__code="H29.12.04").select_related("person"):
        post.person.is_active = False
        post.person.save()
    assert found() == [("route.hoi", False)]


def test_a_function_some_ward_lacks() -> None:
    ward = Office.objects.filter(kind="ward").order_by("pk").first()
    assert ward is not None
    Office.objects.filter(parent=ward, function="economy").update(is_active=False)
    (problem,) = listed()
    assert (problem.place, problem.warning) == ("route.xem.office", False)
    assert problem.values == {"function": "economy", "where": ward.name}


def test_a_vacancy_in_one_ward_only_warns_and_in_all_it_stops() -> None:
    ward = Office.objects.filter(kind="ward").order_by("pk").first()
    Post.objects.filter(office__parent=ward, office__function="economy").delete()
    assert found() == [("route.xem", True)]
    Post.objects.filter(office__function="economy").delete()
    assert found() == [("route.xem", False)]


def test_a_ward_in_an_answer_is_any_ward_with_a_one_stop_centre() -> None:
    assert found(nhan={"answer": "place", "function": "one-stop"}) == []
    assert found(nhan={"answer": "place", "function": "food-safety"}) == [("route.nhan.office", False)]


def test_every_choice_of_an_office_leads_somewhere() -> None:
    raw = sound()
    raw["route"][5]["office"] = {"answer_code": "desk"}
    one_stop = list(Office.objects.filter(function="one-stop", parent__kind="ward").order_by("pk")[:2])
    choices = raw["form"]["pages"][0]["fields"][2]["choices"]
    choices[0]["value"], choices[1]["value"] = (office.code for office in one_stop)
    assert queries.route_findings(raw) == []
    choices[1]["value"] = "H29.77"
    (problem,) = queries.route_findings(raw)
    assert (problem.place, problem.values) == ("route.tra.office", {"where": "H29.77"})


def test_the_agency_above() -> None:
    (problem,) = listed(dau={"parent": True, "function": "no-such-unit"})
    assert problem.place == "route.dau.office"


def test_no_agency_at_all() -> None:
    raw = sound() | {"agency_function": "nowhere", "level": "city"}
    assert {problem.place for problem in queries.route_findings(raw)} >= {"route.nhan.office", "route.ky.office"}


@pytest.mark.parametrize(
    "raw",
    [
        {},
        {"route": 1},
        {"route": [{}, 3, {"office": []}, {"office": {"function": 4}, "kind": "sign"}]},
        {"route": [{"kind": "sign", "office": {"answer_code": ["x"]}}, {"kind": [], "office": {"code": 3}}], "form": 4},
    ],
)
def test_nonsense_breaks_nothing(raw: dict[str, Any]) -> None:
    queries.route_findings(raw)


def test_it_costs_the_same_however_many_wards(django_assert_max_num_queries: Any) -> None:
    raw = sound()
    raw["route"][4]["office"] = {"parent": True, "function": "registry"}
    raw["route"][0]["office"] = {"answer": "place", "function": "one-stop"}
    with django_assert_max_num_queries(6):
        queries.route_findings(raw)
