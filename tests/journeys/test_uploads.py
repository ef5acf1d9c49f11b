"""The promise: a network that goes in the middle of a file loses nothing, and what is refused says why."""

import io
import re
import socket
import threading
from collections.abc import Callable, Iterator
from contextlib import suppress
from pathlib import Path

import pytest
from PIL import Image
from playwright.sync_api import Page, expect

from identity.people.models import Person
from services.cases import actions, tasks
from services.cases.models import Case
from services.catalogue import queries as catalogue
from services.documents import storing
from services.documents.models import Attachment, Combination, Upload
from tests.journeys.visitor import PHONE, Visitor
from tests.services.documents import files

pytestmark = [pytest.mark.browser, pytest.mark.django_db(transaction=True)]
PAPER = "giay-to-dat-dai"


class Network:
    """Stands between a browser and the portal; it can be cut in the middle of a piece, and mended."""

    def __init__(self, address: str) -> None:
        host, port = re.findall(r"//([\d.]+):(\d+)", address)[0]
        self.portal = (host, int(port))
        self.server = socket.create_server(("127.0.0.1", 0))
        self.address = f"http://127.0.0.1:{self.server.getsockname()[1]}"
        self.left: int | None = None
        self.carried = 0
        self.is_cut = threading.Event()
        self.lines: list[socket.socket] = []
        threading.Thread(target=self._accept, daemon=True).start()

    def cut_after(self, count: int) -> None:
        """Let `count` more bytes of pieces through, then go."""
        self.left = count

    def mend(self) -> None:
        """Carry again."""
        self.left = None
        self.is_cut.clear()

    def _accept(self) -> None:
        while True:
            try:
                inner, _ = self.server.accept()
            except OSError:
                return
            if self.is_cut.is_set():
                inner.close()
                continue
            outer = socket.create_connection(self.portal)
            self.lines += [inner, outer]
            threading.Thread(target=self._carry, args=(inner, outer, True), daemon=True).start()
            threading.Thread(target=self._carry, args=(outer, inner, False), daemon=True).start()

    def _carry(self, source: socket.socket, target: socket.socket, upwards: bool) -> None:
        is_piece = False
        with suppress(OSError):
            while block := source.recv(16384):
                is_piece = upwards and (is_piece or block.startswith(b"PATCH"))
                self.carried += len(block) if is_piece else 0
                if is_piece and self.left is not None:
                    target.sendall(block[: self.left])
                    self.left -= len(block)
                    if self.left <= 0:
                        self._cut()
                        return
                else:
                    target.sendall(block)
        for end in (source, target):
            with suppress(OSError):
                end.shutdown(socket.SHUT_RDWR)

    def _cut(self) -> None:
        self.is_cut.set()
        for line in self.lines:
            with suppress(OSError):
                line.shutdown(socket.SHUT_RDWR)
                line.close()
        self.lines.clear()


@pytest.fixture
def network(portal: str) -> Iterator[Network]:
    made = Network(portal)
    yield made
    made.server.close()


@pytest.fixture
def draft(portal: str) -> Case:
    version = catalogue.version_of("1.013225")
    owner = Person.objects.get(phone="+84901234567")
    return actions.start_draft(owner, version, catalogue.agencies_for(version)[0], version.circumstances[0]["key"])


def choose(page: Page, *chosen: tuple[str, bytes]) -> None:
    given = [{"name": name, "mimeType": "application/octet-stream", "buffer": content} for name, content in chosen]
    page.locator(f"#tep-{PAPER}").set_input_files(given)


def papers(case: Case) -> str:
    return f"/nop/ho-so/{case.key}/giay-to/"


def attached(page: Page) -> list[str]:
    return page.locator(f"#giay-to-{PAPER}-files .mc-files__name").all_inner_texts()


def large_pdf(size: int) -> bytes:
    """A PDF with a picture of `size` bytes that cannot be packed."""
    import pikepdf

    book = pikepdf.new()
    page = book.add_blank_page()
    noise = Image.effect_noise((size // 1000, 1000), 90).tobytes()
    page.obj["/Resources"] = pikepdf.Dictionary(
        XObject=pikepdf.Dictionary(
            A=book.make_stream(
                noise, Type=pikepdf.Name.XObject, Subtype=pikepdf.Name.Image, Width=size // 1000, Height=1000, BitsPerComponent=8
            )
        )
    )
    content = io.BytesIO()
    book.save(content, compress_streams=False)
    return content.getvalue()


def test_a_network_cut_in_the_middle_of_a_piece_loses_nothing(
    visitor: Callable[..., Visitor], network: Network, draft: Case
) -> None:
    resident = visitor("0901234567")
    page, content = resident.page, large_pdf(5_000_000)
    resident.address = network.address
    resident.open(papers(draft))
    network.cut_after(2_500_000)
    choose(page, ("ban-ve.pdf", content))
    network.is_cut.wait(30)
    expect(page.locator(".mc-sending__item")).to_contain_text("Mất kết nối")
    # More than the two whole pieces before the cut are there.
    key = Upload.objects.get().pk
    network.mend()
    expect(page.locator(f"#giay-to-{PAPER}-files")).to_contain_text("ban-ve.pdf", timeout=60_000)
    resident.complaints.clear()
    kept = Attachment.objects.get()
    with kept.file.open() as file:
        assert file.read() == content
    assert Upload.objects.get().pk == key
    assert page.locator(".mc-sending__item").count() == 0


def test_a_file_half_sent_goes_on_after_the_page_was_closed(
    visitor: Callable[..., Visitor], network: Network, draft: Case, tmp_path: Path
) -> None:
    resident = visitor("0901234567")
    page, content = resident.page, large_pdf(3_000_000)
    # A file of the disk: its day tells the browser that it is the same one.
    file = tmp_path / "ban-ve.pdf"
    file.write_bytes(content)
    resident.address = network.address
    resident.open(papers(draft))
    network.cut_after(1_700_000)
    page.locator(f"#tep-{PAPER}").set_input_files(file)
    network.is_cut.wait(30)
    page.on("dialog", lambda dialog: dialog.accept())
    page.goto("about:blank")
    network.mend()
    resident.complaints.clear()
    resident.open(papers(draft))
    unfinished = page.locator("[data-mc-unfinished]")
    expect(unfinished).to_contain_text("ban-ve.pdf")
    assert int(re.findall(r"(\d+)%", unfinished.inner_text())[0]) >= 50
    before = network.carried
    with page.expect_response(re.compile("/xong/$")):
        page.locator(f"#tep-{PAPER}").set_input_files(file)
    expect(page.locator(f"#giay-to-{PAPER}-files a.mc-files__name")).to_have_text(["ban-ve.pdf"])
    expect(page.locator("[data-mc-unfinished]")).to_have_count(0)
    assert network.carried - before < len(content) // 2 + 100_000


def test_each_file_has_its_own_row_and_its_own_reason(visitor: Callable[..., Visitor], draft: Case) -> None:
    resident = visitor("0901234567", viewport=PHONE)
    page = resident.open(papers(draft))
    choose(
        page, ("tot.pdf", files.pdf()), ("trang.pdf", b"<html><script>"), ("khoa.docx", files.word({"word/vbaProject.bin": b"x"}))
    )
    rows = page.locator(".mc-sending__item--wrong")
    expect(rows).to_have_count(2)
    expect(rows.nth(0)).to_contain_text("Không nhận được loại tệp này")
    expect(rows.nth(1)).to_contain_text("macro")
    expect(page.locator(f"#giay-to-{PAPER}-files .mc-files__name")).to_have_text(["tot.pdf"])
    resident.complaints.clear()
    resident._seen.clear()
    resident.look_over()
    rows.nth(0).get_by_role("button", name="Ẩn đi").focus()
    page.keyboard.press("Enter")
    expect(rows).to_have_count(1)
    # What was refused is refused for good; what is there stays there.
    page.reload()
    assert attached(page) == ["tot.pdf"]


def test_a_large_photo_is_made_smaller_before_it_is_sent(visitor: Callable[..., Visitor], draft: Case) -> None:
    exif = Image.Exif()
    exif[0x0112] = 6
    photo = files.jpeg(4000, 3000, quality=92, exif=exif)
    assert len(photo) > 4 * 1024 * 1024
    page = visitor("0901234567").open(papers(draft))
    choose(page, ("so hong.jpg", photo))
    expect(page.locator(f"#giay-to-{PAPER}-files .mc-files__name")).to_have_text(["so hong.jpg"], timeout=60_000)
    kept = Attachment.objects.get()
    assert kept.size < len(photo) // 2
    with kept.file.open() as file, Image.open(file) as small:
        # On its side as the camera held it, upright as it is sent.
        assert small.size == (2400, 3200)
    page.locator(f"#tep-{PAPER}-nguyen").check()
    choose(page, ("ban ve.jpg", photo))
    expect(page.locator(f"#giay-to-{PAPER}-files .mc-files__name")).to_have_text(["so hong.jpg", "ban ve.jpg"], timeout=60_000)
    assert Attachment.objects.order_by("uploaded_at").last().size == len(photo)


def test_photos_are_put_in_order_and_become_one_pdf_by_keyboard(visitor: Callable[..., Visitor], draft: Case) -> None:
    resident = visitor("0901234567")
    page = resident.open(papers(draft))
    choose(page, *((f"trang {number}.jpg", files.jpeg(60 + number, 80)) for number in range(3)))
    names = page.locator(f"#giay-to-{PAPER}-files .mc-files__name")
    before = [f"trang {number}.jpg" for number in range(3)]
    expect(names).to_have_text(before)
    last = page.locator("button[id^=len-]").last
    last.focus()
    page.keyboard.press("Enter")
    expect(names).to_have_text([before[0], before[2], before[1]])
    resident.look_over()
    page.get_by_role("button", name=re.compile("Gộp 3 ảnh")).press("Enter")
    expect(page.get_by_text("Đang gộp ảnh").first).to_be_visible()
    tasks.combine_photos(Combination.objects.get().pk)
    expect(names).to_have_text([re.compile(r"\.pdf$")], timeout=20_000)
    assert Attachment.objects.get().pages == 3


def test_a_paper_is_kept_and_attached_to_the_next_application(visitor: Callable[..., Visitor], draft: Case) -> None:
    resident = visitor("0901234567", viewport=PHONE)
    page = resident.open(papers(draft))
    choose(page, ("so hong.pdf", files.pdf()))
    page.get_by_role("button", name=re.compile("^Lưu kho")).click()
    expect(page.locator("#messages")).to_contain_text("Đã lưu vào Giấy tờ của tôi")
    owner = draft.applicant
    assert owner is not None
    other = actions.start_draft(owner, draft.version, draft.agency, draft.circumstance)
    resident.open(papers(other))
    section = page.locator(f"#giay-to-{PAPER}")
    section.get_by_text("Lấy từ kho giấy tờ của tôi").click()
    resident._seen.clear()
    resident.look_over()
    section.get_by_role("button", name="Đính kèm bản sao").click()
    expect(page.locator(f"#giay-to-{PAPER}-files .mc-files__name")).to_have_text(["so hong.pdf"])
    resident.open("/giay-to/")
    page.locator("main").get_by_role("link", name="Đổi tên").click()
    resident.look_over()
    page.fill("input[name=title]", "Sổ hồng")
    resident.press("Lưu tên giấy tờ")
    assert "Sổ hồng" in resident.text()
    page.locator("main").get_by_role("link", name="Gỡ bỏ").click()
    resident.press("Gỡ bỏ")
    assert not storing.mine(owner).exists()


def test_without_scripts_the_same_files_come_by_the_form(visitor: Callable[..., Visitor], draft: Case) -> None:
    resident = visitor("0901234567", java_script_enabled=False)
    page = resident.open(papers(draft))
    for name, content in (("tot.pdf", files.pdf()), ("anh.jpg", files.jpeg())):
        choose(page, (name, content))
        page.locator(f"#giay-to-{PAPER} form[data-mc-upload] button[type=submit]").click()
    assert attached(page) == ["tot.pdf", "anh.jpg"]
    page.locator(f"#giay-to-{PAPER}").get_by_role("button", name="Chuyển lên").or_(
        page.locator(f"#giay-to-{PAPER}").get_by_role("button", name="Gỡ bỏ")
    ).first.click()
    assert attached(page) == ["anh.jpg"]
