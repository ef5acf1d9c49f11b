"""The promise: a procedure nobody has built here is built in the editor from its real record, and a case of it ends signed.

Every page on the way is pictured; see tests/journeys/pictures.py for where the series is kept.
"""

import re
import shutil
from collections.abc import Callable, Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from pathlib import Path
from typing import TYPE_CHECKING, Any

import pytest
from django.core.management import call_command
from playwright.sync_api import expect

from services.cases.models import WorkItem
from tests import walk
from tests.journeys.pictures import SLOW, Album, Pictured
from tests.journeys.test_construction_permit import do_step, validity
from tests.journeys.visitor import PHONE
from tests.workers import worker

if TYPE_CHECKING:
    from playwright.sync_api import Browser, Locator

pytestmark = [pytest.mark.browser, pytest.mark.django_db(transaction=True)]

CODE = "1.013232"
RECORD = Path(__file__).parent / "data" / f"{CODE}.json"
"""The record of the procedure in the national database, as it was published."""
NAME = re.compile("^Cấp giấy phép di dời")
AGENCY = "Ủy ban nhân dân Phường Bến Thành"

# What the editor makes of it

LIMIT = "20 ngày; 15 ngày đối với nhà ở riêng lẻ, kể từ ngày nhận đủ hồ sơ hợp lệ"
FACTS: Mapping[str, Any] = {
    "audience": "Công dân Việt Nam; hộ gia đình; tổ chức",
    "level": "ward",
    "agency_name": "Ủy ban nhân dân cấp xã (Phòng Kinh tế, Hạ tầng và Đô thị)",
    "limit_text": LIMIT,
    "result_name": "Giấy phép di dời công trình",
    "minutes_needed": "20",
    "life_events": ["xay-dung"],
    **{f"channels-{channel}-fee_text": "Miễn phí" for channel in ("online", "postal", "in_person")},
    **{f"channels-{channel}-time_text": LIMIT for channel in ("online", "postal", "in_person")},
}
CIRCUMSTANCES: Sequence[Mapping[str, Any]] = (
    {"label": "Nhà ở riêng lẻ", "help": "Nhà để ở của hộ gia đình, cá nhân.", "limit_value": "15", "limit_unit": "calendar_day"},
    {"label": "Công trình cấp III, cấp IV khác", "help": "Ví dụ cửa hàng, nhà kho, công trình tín ngưỡng."},
)
LAND = "Giấy chứng nhận quyền sử dụng đất, quyền sở hữu nhà ở hoặc tài sản gắn liền với đất qua các thời kỳ"
PLANS = {
    "name": "Bản vẽ và phương án di dời công trình (khoản 2, 3 và 5 Điều 97 Luật Xây dựng)",
    "help": "Giấy tờ về nơi di dời đến và sở hữu công trình; bản vẽ hoàn công hoặc bản vẽ thực trạng; bản vẽ tổng mặt bằng và móng "
    "tại nơi di dời đến; phương án di dời do tổ chức, cá nhân có đủ điều kiện năng lực lập.",
    "required": True,
}
SURVEY = {
    "name": "Báo cáo kết quả khảo sát, đánh giá chất lượng hiện trạng của công trình",
    "help": "Do tổ chức, cá nhân có đủ điều kiện năng lực thực hiện (khoản 4 Điều 97 Luật Xây dựng).",
    "required": True,
    "originals": "1",
    "max_files": "3",
}
FIT = {
    "question": "Công trình có thuộc cấp III, cấp IV hoặc là nhà ở riêng lẻ không?",
    "help": "Cấp công trình ghi trong giấy phép xây dựng hoặc hồ sơ thiết kế.",
    "answer_needed": "yes",
    "refusal": "Giấy phép di dời công trình cấp đặc biệt, cấp I, cấp II do Sở Xây dựng cấp. Hãy nộp hồ sơ tại Sở Xây dựng.",
}


@dataclass(frozen=True, slots=True)
class Ask:
    """A question of the form. `when`: the question and the answer under which it is asked."""

    label: str
    kind: str
    settings: Mapping[str, Any] = field(default_factory=dict)
    choices: Sequence[tuple[str, str]] = ()
    when: tuple[str, str] | None = None


OWNER = (
    Ask(
        "Chủ đầu tư là",
        "choice",
        choices=(("Cá nhân, hộ gia đình", "ca-nhan"), ("Cơ quan, tổ chức", "to-chuc")),
    ),
    Ask("Mã số thuế của tổ chức", "tax_code", when=("chu_dau_tu_la", "to-chuc")),
)
PAGES: Mapping[str, Sequence[Ask]] = {
    "Công trình cần di dời": (
        Ask(
            "Loại, cấp công trình",
            "choice",
            choices=(("Nhà ở riêng lẻ cấp III, cấp IV", "nha-o"), ("Công trình khác cấp III, cấp IV", "khac")),
        ),
        Ask("Địa chỉ hiện nay", "address"),
        Ask("Tổng diện tích sàn", "area"),
        Ask("Chiều cao công trình", "number", {"unit": "m", "decimals": "1", "min": "1", "max": "100"}),
    ),
    "Di dời đến đâu, bằng cách nào": (
        Ask("Địa chỉ nơi di dời đến", "address"),
        Ask("Thửa đất nơi di dời đến", "land_parcel"),
        Ask("Ngày dự kiến bắt đầu", "date", {"min": "hôm nay"}),
        Ask("Có công trình liền kề không?", "yes_no", {"key": "lien_ke"}),
        Ask("Biện pháp bảo đảm an toàn cho công trình liền kề", "long_text", {"key": "an_toan"}, when=("lien_ke", "yes")),
    ),
    "Cam kết": (
        Ask(
            "Cam kết của chủ đầu tư",
            "declaration",
            {
                "statement": "Tôi cam đoan thực hiện đúng giấy phép được cấp; nếu sai tôi xin hoàn toàn chịu trách nhiệm và bị xử lý "
                "theo quy định của pháp luật.",
                "name_field": "applicant_name",
            },
        ),
    ),
}

ECONOMY = {"office": "function", "function": "economy"}


@dataclass(frozen=True, slots=True)
class Step:
    """A step of the route. `beside`: it runs side by side with the step before."""

    title: str
    kind: str
    hours: str
    unit: str
    office: Mapping[str, str]
    login: str
    action: str
    beside: bool = False


CONSULTS = (
    Step(
        "Lấy ý kiến về quy hoạch và an toàn kết cấu",
        "consult",
        "24",
        "Phòng Cấp phép xây dựng, Sở Xây dựng",
        {"office": "code", "code": "H29.12.04"},
        "chuyenvien.soxaydung",
        "Gửi ý kiến",
    ),
    Step(
        "Lấy ý kiến về di sản, cảnh quan và dân cư",
        "consult",
        "24",
        "Phòng Văn hóa – Xã hội",
        {"office": "function", "function": "culture-social"},
        "chuyenvien.vhxh.benthanh",
        "Gửi ý kiến",
        beside=True,
    ),
    Step(
        "Lấy ý kiến về thửa đất nơi di dời đến",
        "consult",
        "24",
        "Chi nhánh Văn phòng Đăng ký đất đai",
        {"office": "code", "code": "H29.18.20.01"},
        "chuyenvien.dangkydatdai",
        "Gửi ý kiến",
        beside=True,
    ),
)
SPECIALIST, HEAD = "chuyenvien.kinhte.benthanh", "truongphong.kinhte.benthanh"
BEFORE = (
    Step(
        "Tiếp nhận, kiểm tra hồ sơ",
        "receive",
        "4",
        "Trung tâm Phục vụ hành chính công cấp xã",
        {},
        "tiepnhan.benthanh",
        "Tiếp nhận hồ sơ",
    ),
    Step(
        "Phân công chuyên viên thụ lý",
        "assign",
        "4",
        "Lãnh đạo Phòng Kinh tế, Hạ tầng và Đô thị",
        ECONOMY,
        HEAD,
        "Phân công xử lý",
    ),
    Step(
        "Thẩm định hồ sơ, kiểm tra thực địa",
        "appraise",
        "16",
        "Phòng Kinh tế, Hạ tầng và Đô thị",
        ECONOMY,
        SPECIALIST,
        "Hoàn thành bước này",
    ),
)
AFTER = (
    Step(
        "Dự thảo giấy phép",
        "draft",
        "12",
        "Phòng Kinh tế, Hạ tầng và Đô thị",
        ECONOMY,
        SPECIALIST,
        "Hoàn thành bước này",
    ),
    Step(
        "Kiểm tra, thông qua dự thảo",
        "review",
        "4",
        "Lãnh đạo Phòng Kinh tế, Hạ tầng và Đô thị",
        ECONOMY,
        HEAD,
        "Hoàn thành bước này",
    ),
    Step("Ký giấy phép di dời", "sign", "8", "Lãnh đạo Ủy ban nhân dân", {}, "lanhdao.benthanh", "Ký kết quả"),
    Step("Vào sổ, đóng dấu", "seal", "4", "Văn thư", {}, "vanthu.benthanh", "Ghi số và đóng dấu"),
    Step("Trả kết quả", "hand_over", "", "Trung tâm Phục vụ hành chính công cấp xã", {}, "tiepnhan.benthanh", "Trả kết quả"),
)
ROUTE = (*BEFORE, *CONSULTS, *AFTER)

OUTCOME = {
    "title": "GIẤY PHÉP DI DỜI CÔNG TRÌNH",
    "symbol": "GPDD",
    "summary": "{loai_cap_cong_trinh}",
    "basis": "Căn cứ Luật Xây dựng số 50/2014/QH13, được sửa đổi, bổ sung bởi Luật số 62/2020/QH14;\n"
    "Căn cứ Nghị định số 175/2024/NĐ-CP ngày 30 tháng 12 năm 2024 của Chính phủ;\n"
    "Xét hồ sơ số {case_number} của {applicant_name}.",
    "paragraphs": "Cấp cho: {applicant_name}. Địa chỉ: {applicant_address}.\n\nĐược phép di dời công trình với các nội dung sau:",
    "articles": "Chủ đầu tư phải thực hiện đúng phương án di dời đã được thẩm định và bảo đảm an toàn cho công trình liền kề.\n\n"
    "Thông báo ngày khởi công bằng văn bản cho Ủy ban nhân dân cấp xã trước khi khởi công 03 ngày làm việc.",
    "recipients": "Chủ đầu tư\nSở Xây dựng (để biết)\nLưu: VT, KTHTĐT",
}
ROWS = (
    ("Chủ đầu tư", "{applicant_name}"),
    ("Địa chỉ công trình cần di dời", "{dia_chi_hien_nay}"),
    ("Tổng diện tích sàn, chiều cao", "{tong_dien_tich_san}; {chieu_cao_cong_trinh}"),
    ("Di dời đến", "{dia_chi_noi_di_doi_den}; {thua_dat_noi_di_doi_den}"),
    ("Ngày dự kiến bắt đầu", "{ngay_du_kien_bat_dau}"),
)

# What the resident answers

ANSWERS: Sequence[Mapping[str, Any]] = (
    {"chu_dau_tu_la": "ca-nhan"},
    {
        "loai_cap_cong_trinh": "nha-o",
        "dia_chi_hien_nay": ("79", "26743"),
        "dia_chi_hien_nay-street": "45 Lê Thánh Tôn",
        "tong_dien_tich_san-amount": "120,5",
        "chieu_cao_cong_trinh": "7,5",
    },
    {
        "dia_chi_noi_di_doi_den": ("79", "26743"),
        "dia_chi_noi_di_doi_den-street": "61 Lê Thánh Tôn",
        "thua_dat_noi_di_doi_den-sheet": "15",
        "thua_dat_noi_di_doi_den-parcel": "120",
        "lien_ke": "yes",
        "an_toan": "Chống đỡ tường chung, quan trắc lún hằng ngày, rào chắn trong suốt thời gian di dời.",
        "ngay_du_kien_bat_dau_day": "15",
        "ngay_du_kien_bat_dau_month": "1",
        "ngay_du_kien_bat_dau_year": "2030",
    },
    {"cam_ket_cua_chu_dau_tu-name": "Nguyễn Văn An"},
)


class Editor(Pictured):
    """Somebody who builds a procedure: knows the pages of the editor."""

    def go(self, part: str, caption: str) -> None:
        """Choose a part of the draft on the left."""
        self.page.locator(f'#cac-phan a[href*="/{part}/"]').first.click()
        self.page.wait_for_url(re.compile(f"/{part}/"))
        self.settle()
        assert "%(" not in self.text(), "every message is complete"
        self.picture(caption)

    def save(self, button: "Locator") -> None:
        """Press a button that changes the draft, and wait until the page shows the draft as it then is."""
        revision = self.page.locator("main input[name=revision]").first
        before = revision.input_value()
        button.click()
        try:
            expect(revision).not_to_have_value(before, timeout=SLOW)
        except AssertionError as never:
            raise AssertionError(f"The draft was not saved:\n{self.text()[:3000]}") from never
        self.settle()

    def press_and_save(self, name: str) -> None:
        """The same with the button that has these words."""
        self.save(self.page.locator("main").get_by_role("button", name=re.compile(f"^{re.escape(name)}$")).last)

    def type(self, values: Mapping[str, Any], prefix: str = "") -> None:
        """Fill fields by name: text, a choice, a list of ticks, or whether a single box is ticked."""
        for name, value in values.items():
            inputs = self.page.locator(f'main [name="{prefix}{name}"]')
            kind = inputs.first.evaluate("input => input.type")
            if isinstance(value, bool):
                inputs.set_checked(value)
            elif isinstance(value, list):
                for one in value:
                    inputs.and_(self.page.locator(f'[value="{one}"]')).check()
            elif kind == "radio":
                inputs.and_(self.page.locator(f'[value="{value}"]')).check()
            elif kind == "select-one":
                inputs.select_option(value)
            else:
                inputs.fill(value)

    def unfold(self) -> None:
        """Open everything that is folded away on the page."""
        self.page.locator("main details:not([open])").evaluate_all("all => all.forEach(one => (one.open = true))")

    def row_tool(self, name: str, row: int, what: str) -> None:
        """Press a tool of a row of a list."""
        self.save(self.page.locator(f'button[name=_do][value="{name}:{what}:{row}"]'))

    def add_row(self, name: str, values: Mapping[str, Any], row: int) -> None:
        """Add a row to a list and fill it."""
        self.page.locator(f'button[name=_do][value="{name}:add"]').click()
        self.page.locator(f'[name^="{name}-{row}-"]').first.wait_for(state="attached")
        self.settle()
        self.type(values, f"{name}-{row}-")


def facts(editor: Editor) -> None:
    """Facts, circumstances, papers, fees and questions before filing."""
    editor.go("thong-tin", "The facts as the record has them; what is missing is said at its place")
    editor.type(FACTS)
    editor.picture("Agency, level and time limit, from the law", editor.page.locator("#ai"))
    editor.press_and_save("Lưu lại")

    editor.go("giay-to", "The papers of the record: three of them are the same certificate, one text was cut off")
    for row, circumstance in enumerate(CIRCUMSTANCES):
        editor.add_row("circumstances", circumstance, row)
        editor.press_and_save("Lưu lại")
    for row in (2, 1):
        editor.row_tool("documents", row, "remove")
    editor.unfold()
    editor.type({"name": LAND}, "documents-0-")
    editor.type(PLANS, "documents-1-")
    editor.type({"electronic": "form"}, "documents-2-")
    editor.picture("The declaration is made from the online form", editor.page.locator("#dong-documents-2"))
    editor.press_and_save("Lưu lại")
    editor.add_row("documents", SURVEY, 3)
    editor.press_and_save("Lưu lại")
    editor.picture("Circumstances with their own time limit, and the papers", editor.page.locator("#circumstances"))
    editor.picture("Which paper for which circumstance", editor.page.locator("#bang"))

    editor.go("le-phi", "The record speaks of the People's Council of the province, and says “free”")
    editor.row_tool("fees", 0, "remove")
    editor.picture("Nothing is charged")

    editor.go("dieu-kien", "Questions before filing: none so far")
    editor.add_row("eligibility", FIT, 0)
    editor.press_and_save("Lưu lại")
    editor.picture("A question that tells people early that this procedure is not for them")


def build_form(editor: Editor) -> None:
    """The form, question by question."""
    page = editor.page
    editor.go("bieu-mau", "The form of the record asks only for the applicant")
    page.locator('a[data-mc-go="0"]').click()
    page.locator("#id_title").wait_for()
    page.fill("#id_title", "Chủ đầu tư")
    editor.save(page.locator("#luu"))
    for ask in OWNER:
        add_question(editor, ask)
    for title, asks in PAGES.items():
        page.fill("#trang-moi", title)
        editor.save(page.locator("button[value=addpage]"))
        for ask in asks:
            add_question(editor, ask)
    expect(page.locator(".mc-outline__problem")).to_have_count(0)


def add_question(editor: Editor, ask: Ask) -> None:
    """Add a question after the one that is open, and set what its kind offers."""
    page = editor.page
    page.locator(".mc-outline__add").get_by_role("button", name="Thêm câu hỏi").click()
    page.fill("#cau-moi", ask.label)
    page.locator(f'input[name=kind][value="{ask.kind}"]').check(force=True)
    if ask is OWNER[0]:
        editor.picture("A question: its words and what is asked for")
    editor.save(page.locator("button[value=add]"))
    expect(page.locator("#id_label")).to_have_value(ask.label, timeout=SLOW)
    if not (ask.settings or ask.choices or ask.when):
        return
    editor.unfold()
    editor.type(ask.settings)
    for number, (label, value) in enumerate(ask.choices):
        editor.type({"label": label, "value": value}, f"lc-{number}-")
    if ask.when:
        question, answer = ask.when
        page.locator("#dk-add").click()
        page.select_option("#dk-0-0-name", question)
        page.locator("#dk-0-0-value").wait_for()
        page.select_option("#dk-0-0-value", answer)
    editor.save(page.locator("#luu"))
    page.frame_locator("iframe.mc-build__frame").locator("h1").wait_for()
    editor.picture(
        f"{ask.label}: {'asked under a condition' if ask.when else 'with its settings'}, and as residents see it",
        page.locator("#cai-dat"),
    )


def build_route(editor: Editor) -> None:
    """The route: the steps of the record are a bare beginning; the others come in between."""
    page = editor.page
    editor.go("quy-trinh", "A bare beginning of a route")
    for at, step in enumerate(ROUTE):
        kept = page.locator(f'a[data-mc-go="{at}"]')
        expect(kept).to_be_visible(timeout=SLOW)
        if step.kind in ("receive", "appraise", "sign", "seal", "hand_over"):
            kept.click()
            expect(page.locator("#muc input[name=o]")).to_have_value(str(at), timeout=SLOW)
        else:
            page.locator(".mc-outline__add").get_by_role("button", name="Thêm bước").click()
            page.fill("#buoc-moi", step.title)
            page.select_option("#loai-buoc", step.kind)
            editor.save(page.locator("button[value=add]"))
            expect(page.locator("#id_title")).to_have_value(step.title, timeout=SLOW)
        editor.type({**step.office, "title": step.title, "hours": step.hours, "unit": step.unit})
        editor.save(page.locator("button[value=beside]" if step.beside else "#luu"))
        if step in CONSULTS:
            editor.picture(f"{step.title}: {step.unit}", page.locator("#cai-dat"))
    editor.picture("The way of a case as a picture: three offices are asked side by side", page.locator("#hinh-title"))
    assert page.locator(".mc-stepline__block--beside .mc-outline__item").count() == len(CONSULTS)
    assert page.locator(".mc-limits__item--over").count() == 0
    assert page.locator(".mc-outline__problem").count() == 0


def write_outcome(editor: Editor) -> None:
    """The template with placeholders, and how it reads."""
    page = editor.page
    editor.go("ket-qua", "The outcome has no words yet")
    editor.type(OUTCOME)
    for number, (label, text) in enumerate(ROWS):
        if number:
            page.locator('button[value="rows:add"]').click()
        page.locator(f"#rows-{number}-label").fill(label)
        page.locator(f"#rows-{number}-text").fill(text)
    editor.press_and_save("Lưu và xem thử")
    editor.picture("The outcome as it will read in a case made up for the purpose", page.locator("#xem-truoc"))
    assert "Không có gì điền vào" not in editor.text()


def settle_notes(editor: Editor) -> None:
    """Tick what the import left to a person, one note after another."""
    page = editor.page
    page.locator("#cac-phan a").first.click()
    page.locator("#can-nguoi-xem").wait_for()
    open_notes = page.locator('.mc-tick[aria-pressed="false"]')
    while left := open_notes.count():
        open_notes.first.click()
        expect(open_notes).to_have_count(left - 1, timeout=SLOW)
    editor.picture("Every note of the import is settled", page.locator("#can-nguoi-xem"))


def try_it_out(editor: Editor) -> None:
    """A test case goes through the route, done by a worker."""
    page = editor.page
    editor.go("chay-thu", "A test case can be sent through the route before anything is published")
    page.locator("select[name=agency]").select_option(label=AGENCY)
    page.locator("select[name=circumstance]").select_option(label="Nhà ở riêng lẻ")
    with page.expect_navigation():
        page.locator("main").get_by_role("button", name="Chạy thử").click()
    editor.picture("The trial is under way")
    reached = page.get_by_text("Hồ sơ thử đã đi từ lúc nộp đến khi trả kết quả")
    reached.wait_for(timeout=2 * SLOW)
    editor.settle()
    editor.picture("The trial reached the outcome")
    editor.picture("Step by step: offices, people, days; three steps side by side", page.locator(".mc-tryout"))
    assert page.locator(".mc-tryout__block--parallel .mc-tryout__step--done").count() == len(CONSULTS)
    editor.picture("The outcome the test case would get", page.locator("#outcome-title"))


def propose(editor: Editor) -> None:
    """Hand the draft to a second person, who is told what it rests on."""
    page = editor.page
    editor.go("kiem-tra", "Nothing stops publishing")
    page.locator("textarea[name=note]").fill(
        "Thủ tục mới theo Quyết định 56/QĐ-BXD; biểu mẫu theo Mẫu số 1 Nghị định 175/2024/NĐ-CP."
    )
    editor.press("Đề nghị công bố")
    assert "đang chờ người thứ hai" in editor.text()
    assert "Bản thảo đã thay đổi" not in editor.text(), "proposing changes nothing that was tried out"


def approve(second: Editor) -> None:
    """The second person reads, looks at the page as people would see it, and agrees."""
    page = second.page
    second.open("/bien-tap/?xem=cho-duyet")
    with page.expect_navigation():
        page.get_by_role("link", name=NAME).first.click()
    second.look_over()
    second.go("quy-trinh", "The second person reads the route; nothing can be changed now")
    second.go("kiem-tra", "What is proposed, by whom, and why")
    with page.expect_navigation():
        page.locator("main").get_by_role("link", name="Trang thủ tục như người dân sẽ thấy").first.click()
    second.picture("The page of the procedure as people would see it")
    page.go_back()
    second.press("Phê duyệt và công bố")
    assert "phiên bản 1" in page.locator("#messages").inner_text().lower()


def file_it(resident: Pictured) -> str:
    """Found by its everyday name, filled in and filed on a phone; the number of the case."""
    page = resident.page
    resident.open("/")
    page.fill("main input[name=q]", "giay phep di doi nha")
    with page.expect_navigation():
        page.keyboard.press("Enter")
    resident.picture("Found without marks, under the words people use")
    main = page.locator("main")
    for link in (
        main.get_by_role("link", name=NAME),
        main.get_by_role("button", name="Nộp trực tuyến"),
        main.get_by_role("button", name="Kiểm tra điều kiện"),
    ):
        with page.expect_navigation():
            link.first.click()
        resident.look_over()
    page.locator("main input[type=radio]").first.check()
    resident.press("Tiếp tục")
    page.get_by_label("Nhà ở riêng lẻ").first.check()
    page.get_by_label(AGENCY).first.check()
    resident.press("Bắt đầu điền hồ sơ")
    for answers in ANSWERS:
        resident.answer(answers)
        for declared in page.locator('main [name$="-agreed"]').all():
            declared.check()
        resident.picture("Filled in", page.locator(f'main [name="{[*answers][-1]}"]').first)
        resident.press("Lưu và tiếp tục")
    for form in page.locator('form[action*="/giay-to/"]:has(input[type=file])').all():
        name = f"{re.findall('giay-to/([a-z0-9-]+)/', str(form.get_attribute('action')))[0]}.pdf"
        form.locator("input[type=file]").first.set_input_files({"name": name, "mimeType": "application/pdf", "buffer": walk.PDF})
        page.get_by_text(name).first.wait_for()
    resident.picture("The papers, taken over one by one", page.locator("form:has(input[type=file])").last)
    resident.press("Tiếp tục")
    page.locator("main input[type=checkbox]").first.check()
    resident.picture("Everything once more before it is filed", page.locator("main input[type=checkbox]").first)
    resident.press("Nộp hồ sơ")
    found = re.search(r"H29\.[\d.]+-\d{6}-\d{4,}", resident.text())
    assert found, resident.text()
    return found[0]


BUILDING = (
    ("Facts, circumstances, papers, fees", facts),
    ("The form", build_form),
    ("The route", build_route),
    ("The outcome", write_outcome),
    ("Notes of the import", settle_notes),
    ("A trial", try_it_out),
    ("Proposing", propose),
)


@pytest.fixture
def people(portal: str, browser: "Browser") -> Iterator[Callable[..., Any]]:
    """Makes pictured people, each with a browser of their own; at the end nothing may have gone wrong in any of them."""
    album = Album("editor", "From a record of the national database to a signed outcome")
    made: list[Pictured] = []

    def make(kind: type[Pictured], login: str, who: str, **context: Any) -> Pictured:
        made.append(kind(browser, portal, album, who, **context))
        if login:
            made[-1].sign_in(login)
        return made[-1]

    make.album = album  # type: ignore[attr-defined]
    yield make
    for one in made:
        one.leave()
    assert [complaint for one in made for complaint in one.complaints] == []


def test_from_a_real_record_to_a_signed_outcome(people: Callable[..., Any], tmp_path: Path) -> None:
    album: Album = people.album  # type: ignore[attr-defined]
    album.chapter("The record becomes a draft")
    call_command("import_procedures", str(RECORD), verbosity=0)
    with worker():
        editor = people(Editor, "bientap", "Editor")
        editor.open("/bien-tap/?xem=nhap-ve")
        with editor.page.expect_navigation():
            editor.page.get_by_role("link", name=NAME).first.click()
        editor.picture("What the import could not decide is left to a person", editor.page.locator("#can-nguoi-xem"))
        for title, does in BUILDING:
            album.chapter(title)
            does(editor)
        album.chapter("A second person agrees")
        approve(people(Editor, "duyet.danhmuc", "Second editor"))

        album.chapter("A resident files it on a phone")
        resident = people(Pictured, "0901234567", "Resident", viewport=PHONE)
        number = file_it(resident)

        album.chapter("The offices do their steps")
        officials: dict[str, Pictured] = {}
        consults = [CONSULTS[2], CONSULTS[0], CONSULTS[1]]
        for step in (*BEFORE, *consults, *AFTER):
            official = officials.get(step.login) or officials.setdefault(step.login, people(Pictured, step.login, step.unit))
            if step is consults[-1]:
                assert not WorkItem.objects.filter(case__number=number, kind="draft").exists(), "the branches join"
            official.doing = f"{step.title}: {step.action}"
            do_step(official, number, step.action)
        resident.wait_until(lambda: "Đã trả kết quả" in resident.text(), f"/ho-so/{number}/")

    album.chapter("The outcome proves itself")
    told = resident.text()
    assert all(step.title in told for step in ROUTE)
    link = resident.page.locator("main a[href*='/van-ban/']").filter(has_text="Giấy phép di dời").first
    answer = resident.context.request.get(resident.address + str(link.get_attribute("href")))
    pdf = tmp_path / "permit.pdf"
    pdf.write_bytes(answer.body())
    if shutil.which("pdfsig"):
        assert validity(pdf) == ["Signature is Valid."] * 2
    anybody = people(Pictured, "", "Anybody")
    anybody.open("/kiem-chung/")
    anybody.page.locator("main input[type=file]").set_input_files(pdf)
    anybody.press("Kiểm tra tệp")
    assert "Giấy phép di dời công trình" in anybody.text()
