"""The promise: officials spend the day here with the keyboard alone, on pages that suit everybody, and never contradict a colleague by
accident; one confirmation signs many outcomes, and what fails says why.

Every page on the way is pictured; see tests/journeys/pictures.py for where the series is kept.
"""

from collections.abc import Callable, Iterator
from concurrent.futures import ThreadPoolExecutor
from contextlib import ExitStack
from typing import TYPE_CHECKING

import pytest
from django.db import connection
from playwright.sync_api import TimeoutError, expect

from identity.offices import queries as offices
from identity.people.models import Person
from portal.dev.demo import PASSWORD
from services.cases import actions, queries
from services.cases.models import BulkRun, Case, WorkItem
from services.catalogue import queries as catalogue
from services.documents.models import IssuedDocument
from tests import walk
from tests.journeys.pictures import SLOW, Album, Pictured
from tests.journeys.visitor import AXE, DESK, PHONE, Visitor
from tests.many import copies
from tests.workers import worker

if TYPE_CHECKING:
    from playwright.sync_api import Browser, Locator, Page

pytestmark = [pytest.mark.browser, pytest.mark.django_db(transaction=True)]

CODE = "1.013225"
CLERK, HEAD, SPECIALIST = "tiepnhan.benthanh", "truongphong.kinhte.benthanh", "chuyenvien.kinhte.benthanh"
ADVISER = "chuyenvien.soxaydung"
LEADER = "lanhdao.benthanh"
OVERTAKEN = "409"
MANY_STOPS = 200
"""More stops than Tab makes on any page."""
Make = Callable[..., Pictured]


@pytest.fixture
def pictured(portal: str, browser: "Browser", request: pytest.FixtureRequest) -> Iterator[Make]:
    """Makes officials with a browser each, whose pages are pictured; at the end nothing may have gone wrong in any of them."""
    name = request.node.name.removeprefix("test_")
    album = Album(f"casework-{name.replace('_', '-')}", name.replace("_", " ").capitalize())
    album.chapter("As it went")
    made: list[Pictured] = []
    expect.set_options(timeout=SLOW)

    def make(login: str, manner: type[Pictured] = Pictured) -> Pictured:
        made.append(manner(browser, portal, album, login))
        made[-1].sign_in(login)
        return made[-1]

    yield make
    for one in made:
        one.leave()
    assert [complaint for one in made for complaint in one.complaints] == []


def person(username: str) -> Person:
    return Person.objects.get(username=username)


def filed_case(**answers: str) -> Case:
    """A construction permit, filed, with its papers; at the counter's desk."""
    version = catalogue.version_of(CODE)
    agency = offices.by_code("H29.141")
    assert agency is not None
    owner = Person.objects.get(phone="+84901234567")
    case = actions.file(walk.draft(owner, version, agency, **answers), owner)
    pass_on(case)
    return case


def beside_the_browser(work: Callable[[], object]) -> None:
    """Do what workers do in a thread of its own: the browser's loop runs in this one, and signing needs another."""

    def whole() -> None:
        try:
            work()
        finally:
            connection.close()

    with ThreadPoolExecutor(1) as thread:
        thread.submit(whole).result()


def pass_on(case: Case) -> None:
    """What workers do between two steps."""
    beside_the_browser(lambda: walk.work(case))


def step(case: Case, key: str) -> WorkItem:
    return WorkItem.objects.get(case=case, step=key, state=WorkItem.State.OPEN)


def do(case: Case, key: str, action: str, by: str) -> None:
    """One step, claimed and done."""
    item = step(case, key)
    actions.claim(item.pk, person(by))
    actions.act(item.pk, action, person(by))
    pass_on(case)


def at_the_office(**answers: str) -> Case:
    """A case that was accepted and handed to the whole office: it is examined there, and another office is asked."""
    case = filed_case(**answers)
    do(case, "tiep-nhan", "accept", CLERK)
    do(case, "phan-cong", "finish", HEAD)
    return case


def to_the_signature(case: Case) -> None:
    """From there to the leader's desk."""
    do(case, "lay-y-kien", "give_opinion", ADVISER)
    do(case, "tham-dinh", "finish", SPECIALIST)
    do(case, "du-thao", "finish", SPECIALIST)


def together(*buttons: "Locator") -> None:
    """Press buttons in several browsers at the same moment, and wait for what they lead to."""
    with ExitStack() as stack:
        for button in buttons:
            stack.enter_context(button.page.expect_event("load"))
        for button in buttons:
            button.evaluate("button => setTimeout(() => button.click(), 300)")


def forgive_overtaken(visitor: Visitor) -> None:
    """The console may complain of the answer that says so, and of nothing else."""
    visitor.complaints[:] = [one for one in visitor.complaints if OVERTAKEN not in one]


def overtaken(page: "Page") -> bool:
    return page.locator("#tu-luc-mo").count() > 0


def test_two_officials_act_on_one_case_at_the_same_moment(pictured: Make) -> None:
    case = at_the_office()
    address = f"/can-bo/ho-so/{case.number}/"
    head, specialist = pictured(HEAD), pictured(SPECIALIST)

    # Both take the same work item: one has it, the other reads who.
    for one in (head, specialist):
        one.open(address)
    together(*(one.page.get_by_role("button", name="Nhận việc", exact=True) for one in (head, specialist)))
    item = step(case, "tham-dinh")
    assert item.claimed_by is not None
    winner, loser = (head, specialist) if item.claimed_by.username == HEAD else (specialist, head)
    name = item.claimed_by.full_name
    expect(winner.page.get_by_role("button", name="Yêu cầu bổ sung")).to_be_visible()
    expect(loser.page.get_by_role("button", name="Yêu cầu bổ sung")).to_have_count(0)
    assert name in loser.page.locator("#viec").inner_text()

    # One writes to the applicant while the other prepares a new date: the words stay, with what happened above them.
    writing = winner.page
    winner.open(f"/can-bo/viec/{item.pk}/bo-sung/")
    asked = {"other": "Bản vẽ mặt bằng móng có chữ ký", "reason": "Điều 46 Nghị định 175/2024/NĐ-CP", "days": "12"}
    winner.answer(asked)
    other = person(SPECIALIST if winner is head else HEAD).full_name
    reason = "Cần thêm thời gian xác minh ranh giới thửa đất"
    loser.open(f"{address}gia-han/")
    loser.answer({"note": reason})
    loser.press("Lập văn bản xin lỗi và đề nghị gia hạn")
    winner.press("Gửi yêu cầu bổ sung")
    told = writing.locator("#tu-luc-mo").inner_text()
    assert other in told
    assert reason in told
    assert asked == {field: writing.input_value(f"[name={field}]") for field in asked}

    # At the same moment the office that was asked sends its opinion: again one wins, and again no word is lost.
    question = step(case, "lay-y-kien")
    actions.claim(question.pk, person(ADVISER))
    adviser = pictured(ADVISER)
    adviser.open(f"/can-bo/viec/{question.pk}/cho-y-kien/")
    adviser.answer({"result": "conditions", "note": "Giữ khoảng lùi 2 m"})
    together(
        writing.get_by_role("button", name="Gửi yêu cầu bổ sung"),
        adviser.page.locator("main").get_by_role("button", name="Gửi ý kiến"),
    )
    late = [one for one in (winner, adviser) if overtaken(one.page)]
    assert len(late) == 1, "one of them was first, and only one"
    if late == [winner]:
        assert asked == {field: writing.input_value(f"[name={field}]") for field in asked}
        winner.press("Gửi yêu cầu bổ sung")
    else:
        assert adviser.page.input_value("[name=note]") == "Giữ khoảng lùi 2 m"
        adviser.press("Gửi ý kiến")
    for one in (winner, adviser):
        assert one.page.url.endswith(address), one.text()
        forgive_overtaken(one)
    assert sorted(case.events.filter(action__in=["request_supplement", "give_opinion"]).values_list("action", flat=True)) == [
        "give_opinion",
        "request_supplement",
    ]
    case.refresh_from_db()
    assert case.state == Case.State.SUPPLEMENT
    assert queries.chain_is_intact(case)


# Every page an official meets, at the widths of a phone and of a desk


WIDE_ENOUGH = 480
"""Pixels for a document, and for the answers beside it."""


class Inspector(Pictured):
    """Pictures every page after signing in at both widths and asks axe about it."""

    at_work = False

    def sign_in(self, login: str) -> None:
        """As everybody does."""
        super().sign_in(login)
        self.at_work = True

    def look_over(self) -> None:
        """The page as it stands."""
        if not self.at_work:
            return
        self.page.evaluate(AXE.read_text(encoding="utf-8"))
        for size in (PHONE, DESK):
            self.page.set_viewport_size(size)
            self.picture(f"{self.page.locator('h1').first.inner_text()} ({size['width']})")
            found = self.page.evaluate("async () => (await axe.run()).violations.map(v => v.id + ': ' + v.nodes[0].html)")
            self.complaints += [f"{self.page.url} at {size['width']}: {violation}" for violation in found]


def test_every_page_of_the_desk_suits_everybody_at_both_widths(pictured: Make) -> None:
    case = at_the_office()
    item = step(case, "tham-dinh")
    actions.claim(item.pk, person(SPECIALIST))
    actions.write_note(case.pk, person(SPECIALIST), "Đã gọi chủ hộ, hẹn kiểm tra thứ Năm.")
    of_case, of_work = f"/can-bo/ho-so/{case.number}/", f"/can-bo/viec/{item.pk}/"

    specialist = pictured(SPECIALIST, Inspector)
    for path in (
        "/can-bo/?nguoi=toi",
        "/can-bo/cach-bay/",
        "/can-bo/bo-loc/",
        "/can-bo/xuat/",
        "/can-bo/lich-vang/",
        "/can-bo/lich-vang/them/",
        "/can-bo/hang-loat/",
        "/can-bo/mau-cau/",
        "/can-bo/nhan/",
        f"{of_work}bo-sung/",
        f"{of_work}chuyen-lai/",
        f"{of_work}hoi-y-kien/",
        f"{of_work}noi-dung/",
        f"{of_work}finish/",
        f"{of_case}gia-han/",
        f"{of_case}phieu-kiem-soat/",
        "/hop-thu/",
        "/tai-khoan/thong-bao/",
    ):
        specialist.open(path)
    specialist.open("/can-bo/")
    specialist.page.keyboard.press("f")
    specialist.look_over()
    specialist.page.locator("input[name=item]").first.check()
    specialist.page.select_option("#bulk-kind", "finish")
    specialist.press("Xem trước")

    # A document open beside the answers
    specialist.open(of_case)
    answers, document = specialist.page.locator("#khai").bounding_box(), specialist.page.locator("#xem").bounding_box()
    assert answers is not None
    assert document is not None
    assert answers["x"] + answers["width"] <= document["x"], "side by side"
    assert min(answers["width"], document["width"]) >= WIDE_ENOUGH

    head = pictured(HEAD, Inspector)
    for path in ("/can-bo/don-vi/", "/can-bo/so-theo-doi/", f"{of_work}giao/", f"{of_case}chuyen-co-quan/", f"{of_case}dung/"):
        head.open(path)
    clerk = pictured(CLERK, Inspector)
    for path in ("/can-bo/tiep-nhan/", "/can-bo/tiep-nhan/ma/", "/can-bo/tim/?q=an"):
        clerk.open(path)


# A day without a mouse

FOCUSED = """selector => {
    const one = document.activeElement;
    const shown = [one, one.parentElement, one.nextElementSibling].filter(Boolean).flatMap(part => [null, "::before"].map(
        of => getComputedStyle(part, of))).some(style => style.boxShadow !== "none" || (style.outlineStyle !== "none" && parseFloat(style.outlineWidth) > 0));
    const inside = one !== document.body && one.tagName !== "IFRAME";
    return [one.matches(selector), !inside || shown, one.outerHTML.slice(0, 200)];
}"""
"""Whether the focused part of the page is the one that is looked for, whether one sees the focus, and what it is."""


class Typist(Pictured):
    """Has no mouse: everything goes through the keyboard."""

    def sign_in(self, login: str) -> None:
        """As everywhere, with Tab and Enter."""
        self.page.goto(f"{self.address}/tai-khoan/dang-nhap/")
        self.write("[name=login]", login)
        self.write("[name=password]", PASSWORD)
        self.turn("Enter")

    def sign_out(self) -> None:
        """By the menu at the top."""
        self.page.reload()
        self.reach(".mc-account__summary")
        self.page.keyboard.press("Enter")
        self.reach(".mc-account form button")
        self.turn("Enter")

    def reach(self, selector: str) -> None:
        """Press Tab until the part has the focus, which is seen at every stop on the way."""
        for _ in range(MANY_STOPS):
            self.page.keyboard.press("Tab")
            here, seen, what = self.page.evaluate(FOCUSED, selector)
            if not seen:
                self.complaints.append(f"{self.page.url}: the focus cannot be seen on {what}")
            if here:
                return
        raise AssertionError(f"{selector} cannot be reached on {self.page.url}")

    def write(self, selector: str, text: str) -> None:
        """Into a field."""
        self.reach(selector)
        self.page.keyboard.insert_text(text)

    def turn(self, *keys: str) -> None:
        """Keys of which the last leads to another page."""
        for key in keys[:-1]:
            self.page.keyboard.press(key)
        try:
            with self.page.expect_event("load"):
                self.page.keyboard.press(keys[-1])
        except TimeoutError as never:
            self.picture(f"{' '.join(keys)} leads nowhere")
            raise AssertionError(f"{' '.join(keys)} leads nowhere on {self.page.url}") from never
        self.look_over()

    def do(self, selector: str) -> None:
        """Press a button or follow a link that leads to another page."""
        self.reach(selector)
        self.turn("Enter")

    def row(self) -> int:
        """Which row of the list is the current one."""
        place = "rows => rows.findIndex(row => row.classList.contains('mc-row--current'))"
        return int(self.page.locator(".mc-queue tbody tr").evaluate_all(place))


def test_the_whole_day_by_keyboard_only(pictured: Make) -> None:
    filed = filed_case()
    copies(filed, 3)
    actions.index_cases()
    office = at_the_office()
    (to_sign,) = copies(office, 1)
    to_the_signature(to_sign)

    clerk = pictured(CLERK, Typist)
    page, keyboard = clerk.page, clerk.page.keyboard
    keyboard.press("?")
    expect(page.locator("dialog.mc-keys[open]")).to_contain_text("Dòng sau")
    clerk.picture("What each key does")
    keyboard.press("Escape")
    expect(page.locator("dialog.mc-keys[open]")).to_have_count(0)

    # Find, walk through the list, look into neighbouring cases
    keyboard.press("/")
    keyboard.insert_text(f"{filed.number}-2")
    expect(page.locator(".mc-queue tbody tr")).to_have_count(1)
    keyboard.press("Escape")
    clerk.turn("g", "q")
    expect(page.locator(".mc-queue tbody tr")).to_have_count(4)
    for key, row in (("j", 0), ("j", 1), ("k", 0), ("ArrowDown", 1)):
        keyboard.press(key)
        assert clerk.row() == row
    clerk.turn("Enter")
    first = page.url
    clerk.turn("n")
    assert page.url != first
    clerk.turn("p")
    assert page.url == first
    clerk.turn("u")

    # One case: take it, read its papers, leave a note, ask for everything that is missing
    keyboard.press("/")
    keyboard.insert_text(str(filed.applicant.full_name))
    expect(page.get_by_role("link", name="Bỏ lọc")).to_be_visible()
    clerk.settle()
    keyboard.press("Escape")
    numbers = page.locator(".mc-queue tbody .mc-number").all_inner_texts()
    for _ in range(numbers.index(str(filed.number)) + 1):
        keyboard.press("j")
    clerk.turn("c")
    shown = page.locator(".mc-reader__title")
    for key, place in (("d", "2/"), ("d", "3/"), ("D", "2/")):
        keyboard.press(key)
        expect(shown).to_contain_text(place)
    keyboard.press("v")
    expect(shown).to_be_hidden()
    keyboard.press("v")
    expect(shown).to_be_visible()
    keyboard.press("i")
    clerk.write("#ghi-chu textarea", "Thiếu chữ ký trên bản vẽ.")
    clerk.do("#ghi-chu form.mc-notes__form button")
    assert "Thiếu chữ ký trên bản vẽ." in clerk.text()
    keyboard.press("a")
    clerk.do("#viec a[href$='/bo-sung/']")
    clerk.reach(".mc-ask [type=checkbox]")
    keyboard.press("Space")
    clerk.write(".mc-ask textarea", "Ký và nộp lại.")
    clerk.write("[name=reason]", "Điều 46 Nghị định 175/2024/NĐ-CP")
    clerk.do("form[data-mc-unsaved] .mc-actions button")
    filed.refresh_from_db()
    assert filed.state == Case.State.SUPPLEMENT, clerk.text()

    # The most urgent one comes next, and is accepted
    clerk.turn("g", "q")
    clerk.turn("n")
    keyboard.press("a")
    clerk.do("#viec form[action$='/accept/'] button")
    assert Case.objects.filter(state=Case.State.ACCEPTED).count() == 1, clerk.text()

    # The others together
    clerk.turn("g", "q")
    for _ in range(2):
        keyboard.press("j")
        keyboard.press("x")
    clerk.reach("#bulk-kind")
    keyboard.type("Tiếp nhận")
    expect(page.locator("#bulk-kind")).to_have_value("accept")
    clerk.do("button[formaction*='/hang-loat/']")
    clerk.do("form[action$='/hang-loat/bat-dau/'] .mc-actions button")
    beside_the_browser(lambda: actions.run_bulk(BulkRun.objects.get().pk))
    expect(page.locator("#tien-do")).to_contain_text("Đã kết thúc")
    clerk.picture("The result of each case")
    clerk.sign_out()

    # The specialist looks at the way back, and finishes
    specialist = pictured(SPECIALIST, Typist)
    page, keyboard = specialist.page, specialist.page.keyboard
    specialist.turn("n")
    keyboard.press("a")
    specialist.do("#viec a[href$='/chuyen-lai/']")
    specialist.do("form[data-mc-unsaved] .mc-actions a")
    keyboard.press("a")
    specialist.write("#viec form[action$='/finish/'] textarea", "Đủ điều kiện.")
    specialist.do("#viec form[action$='/finish/'] button")
    office.refresh_from_db()
    assert office.work_items.get(step="tham-dinh").state == WorkItem.State.DONE
    specialist.sign_out()

    # The leader signs
    leader = pictured(LEADER, Typist)
    leader.turn("j", "c")
    leader.page.keyboard.press("a")
    leader.do("#viec a[href$='/sign/']")
    leader.write("[name=password]", PASSWORD)
    leader.turn("Enter")
    assert to_sign.events.filter(action="sign").exists(), leader.text()
    leader.turn("g", "q")
    leader.sign_out()


# Many signatures


def test_one_confirmation_signs_many_outcomes_and_one_fails_with_its_reason(pictured: Make) -> None:
    office = at_the_office()
    to_the_signature(office)
    cases = [office, *copies(office, 5)]
    leader = pictured(LEADER, Inspector)
    page = leader.page
    page.check("[data-mc-bulk-all]")
    page.select_option("#bulk-kind", "sign")
    leader.press("Xem trước")
    assert page.get_by_text("Đọc nội dung sẽ ký").count() == len(cases)
    # Between the look and the confirmation one of them loses what its outcome must say.
    broken = cases[2]
    Case.objects.filter(pk=broken.pk).update(answers={**broken.answers, "owner_name": ""})
    page.fill("[name=password]", PASSWORD)
    with page.expect_event("load"):
        page.locator("form[action$='/hang-loat/bat-dau/'] .mc-actions button").click()
    leader.picture("Nothing has a result yet")
    expect(page.locator("#bulk-progress")).to_have_text("0/6")
    with worker():
        expect(page.locator("#tien-do")).to_contain_text("Đã kết thúc", timeout=60_000)
    leader.look_over()
    run = BulkRun.objects.get()
    assert (run.done, run.failed) == (5, 1)
    failed = page.locator(".mc-bulk-list__left")
    expect(failed).to_have_count(1)
    expect(failed).to_contain_text(str(broken.number))
    expect(failed).to_contain_text("chỗ trống")
    documents = IssuedDocument.objects.filter(kind="outcome", case_link__case__in=cases)
    assert documents.filter(state="signed").count() == 5
