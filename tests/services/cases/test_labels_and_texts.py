"""The promise: an office keeps its labels and texts; offices of the agency use the labels, strangers see neither."""

from typing import Any

import pytest
from django.test import Client
from django.urls import reverse

from identity.offices import queries as offices
from identity.offices.models import Office
from identity.people.models import Person
from portal.kit.refusal import Refused
from services.cases import actions, queries
from services.cases.actions import canned as texts
from services.cases.actions import labels
from services.cases.models import CannedText, Case, Label
from services.cases.queries import canned as text_queries
from services.cases.queries.labels import labels_for, labels_on
from services.catalogue.models import Version
from tests import walk

pytestmark = [pytest.mark.django_db, pytest.mark.usefixtures("media")]
CLERK, SPECIALIST, STRANGER = "tiepnhan.benthanh", "chuyenvien.kinhte.benthanh", "tiepnhan.saigon"


def person(username: str) -> Person:
    return Person.objects.get(username=username)


def client_of(who: Person | str) -> Client:
    client = Client()
    client.force_login(person(who) if isinstance(who, str) else who)
    return client


def office_of(username: str) -> Office:
    return offices.posts_of(person(username))[0].office


@pytest.fixture
def filed(version: Version, owner: Person) -> Case:
    agency = offices.by_code("H29.141")
    assert agency is not None
    case = actions.file(walk.draft(owner, version, agency, owner_name="Trần Đại Nghĩa"), owner)
    walk.work(case)
    return case


@pytest.fixture
def urgent(version: Version) -> Label:
    return labels.save_label(person(CLERK), office_of(CLERK), name="Khẩn", colour="red")


# Labels


def test_a_label_goes_on_and_off_with_an_event_each(filed: Case, urgent: Label, owner: Person) -> None:
    clerk = person(CLERK)
    assert labels.put(filed.pk, urgent.pk, clerk)
    assert not labels.put(filed.pk, urgent.pk, clerk)
    assert labels_on([filed.pk], person(SPECIALIST)) == {filed.pk: [urgent]}
    assert labels_on([filed.pk], person(STRANGER)) == {}
    assert labels.take_off(filed.pk, urgent.pk, clerk)
    assert not labels.take_off(filed.pk, urgent.pk, clerk)
    filed.refresh_from_db()
    told = filed.events.filter(action__in=["label", "unlabel"]).order_by("sequence").values_list("action", "note", "actor")
    assert list(told) == [("label", "Khẩn", clerk.pk), ("unlabel", "Khẩn", clerk.pk)]
    assert queries.chain_is_intact(filed)
    shown = [entry.action for entry in queries.timeline(filed, for_resident=True)]
    assert not {"label", "unlabel"}.intersection(shown), "applicants do not see labels"


def test_labels_belong_to_the_agency(filed: Case, urgent: Label) -> None:
    assert labels_for(person(SPECIALIST)) == [urgent]
    assert labels_for(person(STRANGER)) == []
    with pytest.raises(Case.DoesNotExist):
        labels.put(filed.pk, urgent.pk, person(STRANGER))
    foreign = labels.save_label(person(STRANGER), office_of(STRANGER), name="Khẩn", colour="blue")
    with pytest.raises(Label.DoesNotExist):
        labels.put(filed.pk, foreign.pk, person(CLERK))
    with pytest.raises(Refused) as twice:
        labels.save_label(person(CLERK), office_of(CLERK), name=" Khẩn ", colour="green")
    assert (twice.value.code, twice.value.field) == ("label.twice", "name")
    with pytest.raises(Office.DoesNotExist):
        labels.save_label(person(SPECIALIST), office_of(CLERK), name="Khác", colour="green")
    labels.set_label_active(person(CLERK), urgent, active=False)
    assert labels_for(person(CLERK)) == []
    with pytest.raises(Refused) as retired:
        labels.put(filed.pk, urgent.pk, person(CLERK))
    assert retired.value.code == "label.retired"


def test_the_pages_of_labels(filed: Case, urgent: Label, owner: Person, django_assert_max_num_queries: Any) -> None:
    mine, stranger = client_of(CLERK), client_of(STRANGER)
    address = reverse("casework_label", args=[filed.number])
    assert mine.post(address, {"label": urgent.pk})["Location"] == reverse("casework", args=[filed.number])
    assert "Khẩn" in mine.get(reverse("casework", args=[filed.number])).content.decode()
    mine.post(address, {"off": urgent.pk})
    assert not filed.case_labels.exists()
    assert {stranger.post(address, {"label": urgent.pk}).status_code, client_of(owner).post(address).status_code} == {404}
    for name in ("label_edit", "label_change"):
        assert stranger.post(reverse(name, args=[urgent.pk]), {"do": "retire"}).status_code == 404
    assert mine.post(reverse("labels"), {"name": "Chờ họp", "colour": "grey"}).status_code == 302
    second = Label.objects.get(name="Chờ họp")
    mine.post(reverse("label_change", args=[second.pk]), {"do": "up"})
    assert labels_for(person(CLERK)) == [second, urgent]
    assert mine.post(reverse("labels"), {"name": "Khẩn", "colour": "grey"}).status_code == 422
    mine.post(reverse("label_edit", args=[urgent.pk]), {"name": "Rất khẩn", "colour": "orange"})
    mine.post(reverse("label_change", args=[second.pk]), {"do": "retire"})
    with django_assert_max_num_queries(8):
        page = mine.get(reverse("labels")).content.decode()
    assert "Rất khẩn" in page
    assert "không dùng" in page


# Texts


def save(body: str, title: str = "Thiếu giấy tờ", use: str = CannedText.Use.REFUSAL) -> CannedText:
    return texts.save_text(person(CLERK), office_of(CLERK), use=use, title=title, body=body)


def test_every_placeholder_has_a_value_for_a_case(filed: Case) -> None:
    from services.cases.canned_text import NAMES
    from services.cases.officials.canned_wording import PLACEHOLDERS, SAMPLE

    values = text_queries.values_for(filed, person(CLERK))
    assert tuple(values) == NAMES == tuple(PLACEHOLDERS)
    assert set(SAMPLE) <= set(NAMES)
    assert values["so_ho_so"] == filed.number
    assert values["don_vi"] == office_of(CLERK).name


def test_a_text_is_put_in_filled_also_without_a_script(filed: Case) -> None:
    text = save("Kính gửi {ho_ten}, hồ sơ {so_ho_so} do {can_bo} xem.")
    item = walk.next_step(filed)
    assert item is not None
    actions.claim(item.pk, person(CLERK))
    client = client_of(CLERK)
    address = reverse("work_act", args=[item.pk, "refuse"])
    filled = f"Kính gửi Trần Đại Nghĩa, hồ sơ {filed.number} do {person(CLERK).full_name} xem."
    assert f'data-text="{filled}"' in client.get(address).content.decode()
    assert f"{filled}</textarea>" in client.get(address, {"mau": text.pk}).content.decode()
    texts.set_text_active(person(CLERK), text, active=False)
    assert filled not in client.get(address, {"mau": text.pk}).content.decode()


def test_unknown_placeholders_are_named_beside_the_field(version: Version) -> None:
    client = client_of(CLERK)
    given = {"use": "message", "title": "Mời đến", "body": "Kính gửi {hoten} và {ho_ten}"}
    page = client.post(reverse("canned_new"), given)
    assert page.status_code == 422
    assert "{hoten}" in str(page.context["form"].errors["body"])
    assert not CannedText.objects.exists()
    given["body"] = "Kính gửi {ho_ten}, {don_vi}"
    looked = client.post(reverse("canned_new"), {**given, "preview": "1"}).content.decode()
    assert f"Kính gửi Nguyễn Văn An, {office_of(CLERK).name}" in looked
    assert not CannedText.objects.exists()
    assert client.post(reverse("canned_new"), given)["Location"] == reverse("canned_texts")
    assert "Mời đến" in client.get(reverse("canned_texts")).content.decode()
    assert client.post(reverse("canned_new"), given).status_code == 422, "the title is taken"


def test_texts_are_the_offices_own(version: Version, owner: Person) -> None:
    first, second = save("Một", "Một"), save("Hai", "Hai")
    mine, stranger = client_of(CLERK), client_of(STRANGER)
    mine.post(reverse("canned_change", args=[second.pk]), {"do": "up"})
    assert [text.title for text in text_queries.usable(person(CLERK), "refusal")] == ["Hai", "Một"]
    mine.post(reverse("canned_edit", args=[first.pk]), {"use": "refusal", "title": "Một sửa", "body": "Một"})
    first.refresh_from_db()
    assert first.title == "Một sửa"
    for name in ("canned_edit", "canned_change"):
        for client in (stranger, client_of(SPECIALIST), client_of(owner)):
            assert client.post(reverse(name, args=[first.pk]), {"do": "retire"}).status_code == 404
    assert "Một sửa" not in stranger.get(reverse("canned_texts")).content.decode()
    with pytest.raises(Office.DoesNotExist):
        texts.save_text(person(STRANGER), office_of(CLERK), use="note", title="x", body="x")
