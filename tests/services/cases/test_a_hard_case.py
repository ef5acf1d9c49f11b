"""The promise: a case with everything in it is told truly, to the minute: by the control sheet, both timelines and the promised date.

Three offices are asked side by side: one stays silent past its limit, one must correct its answer. The applicant supplements while
the clock stands, and a leader puts the date off with an apology. Every moment below was counted by hand on the calendar of March 2027.
"""

import shutil
import subprocess
from collections.abc import Iterator
from datetime import datetime
from pathlib import Path
from typing import TYPE_CHECKING

import pytest
import time_machine
from django.core.files.storage import default_storage
from django.utils.translation import override

from identity.offices import queries as offices
from identity.people.models import Person
from portal.kit import clock
from services.cases import actions, queries, supplements, tasks
from services.cases.actions import handling, sheets
from services.cases.control_sheet import Kept
from services.cases.deadline_story import Part
from services.cases.lifecycle import State
from services.cases.models import Case, CaseDocument, WorkItem
from services.cases.queries.control_sheet import control_sheet, control_sheet_data
from services.cases.queries.deadline_story import story_of
from services.catalogue import queries as catalogue
from services.catalogue.models import Version
from services.documents.models import IssuedDocument
from tests import walk

if TYPE_CHECKING:
    from pytest_django.fixtures import Settings

pytestmark = pytest.mark.django_db
CLERK, HEAD, SPECIALIST = "tiepnhan.benthanh", "truongphong.kinhte.benthanh", "chuyenvien.kinhte.benthanh"
LEADER, REGISTRY, CULTURE, JUSTICE = "lanhdao.benthanh", "vanthu.benthanh", "chuyenvien.vhxh.benthanh", "tuphap.benthanh"
SILENT, CORRECTED, PROMPT = "hoi-xay-dung", "hoi-van-hoa", "hoi-tu-phap"
ASKED = {"kind": "consult", "hours": 16, "group": "hoi"}
ROUTE = [
    {"key": "tiep-nhan", "title": "Tiếp nhận", "kind": "receive", "office": {"function": "one-stop"}, "hours": 4},
    {"key": SILENT, "title": "Hỏi Sở Xây dựng", "office": {"code": "H29.12.04"}, "silence": True, **ASKED},
    {"key": CORRECTED, "title": "Hỏi Phòng Văn hóa", "office": {"function": "culture-social"}, **ASKED},
    {"key": PROMPT, "title": "Hỏi Tư pháp", "office": {"function": "justice"}, **ASKED},
    {"key": "du-thao", "title": "Dự thảo", "kind": "draft", "office": {"function": "economy"}, "hours": 16},
    {"key": "ky", "title": "Ký", "kind": "sign", "office": {"function": "leadership"}, "hours": 8},
    {"key": "dong-dau", "title": "Đóng dấu", "kind": "seal", "office": {"function": "registry"}, "hours": 4},
    {"key": "tra-ket-qua", "title": "Trả kết quả", "kind": "hand_over", "office": {"function": "one-stop"}, "hours": None},
]
UNCLEAR, MISSING, LATE = "Chưa nêu khoảng lùi", "Bản vẽ mặt bằng tầng 1", "Chờ hồ sơ quy hoạch của Thành phố"


def at(day: int, hour: int, minute: int = 0) -> datetime:
    return datetime(2027, 3, day, hour, minute, tzinfo=clock.HERE)


class Days:
    """The people of the case, each at their moment."""

    def __init__(self, case: Case, time: time_machine.Traveller) -> None:
        self.case, self.time = case, time

    def at(self, day: int, hour: int, minute: int = 0) -> "Days":
        """It is that moment, and the workers have done what there was to do until then."""
        self.time.move_to(at(day, hour, minute))
        return self

    def work(self) -> Case:
        while actions.handle_events(self.case.pk):
            pass
        self.case = Case.objects.select_related("version__procedure", "agency", "applicant").get(pk=self.case.pk)
        return self.case

    def item(self, step: str) -> WorkItem:
        return self.case.work_items.get(step=step, state=WorkItem.State.OPEN)

    def claims(self, username: str, step: str) -> None:
        actions.claim(self.item(step).pk, person(username))

    def does(self, username: str, step: str, name: str, note: str = "") -> None:
        actions.act(self.item(step).pk, name, person(username), note)
        self.work()

    def answers(self, username: str, step: str, result: str, text: str) -> None:
        actions.give_opinion(self.item(step).pk, person(username), result, text)
        self.work()

    def outcome_is(self, state: str) -> None:
        """A worker has signed or sealed the outcome; what the document says is tested elsewhere."""
        link = CaseDocument.objects.filter(case=self.case, issued__kind="outcome").latest("pk")
        one = link.issued
        one.state, one.sha256, one.file.name, one.signed_at = state, "0" * 64, "ket-qua.pdf", one.signed_at or clock.now()
        one.issued_at = clock.now() if state == IssuedDocument.State.ISSUED else None
        one.save()
        handling.announce(link.pk, one)
        self.work()


def person(username: str) -> Person:
    return Person.objects.get(username=username)


@pytest.fixture
def days(version: Version, owner: Person, tmp_path: Path, settings: "Settings") -> Iterator[Days]:
    """The case, filed on Monday 1 March at eight; the law gives ten working days."""
    settings.MEDIA_ROOT = tmp_path / "media"
    with time_machine.travel(at(1, 8), tick=False) as time:
        hard = Version.objects.get(pk=version.pk)
        hard.pk, hard.number, hard._state.adding = None, version.number + 1, True
        hard.limit_value, hard.limit_unit, hard.limit_text, hard.route = 10, "working_day", "", ROUTE
        hard.circumstances = [{key: value for key, value in one.items() if key != "limit"} for one in version.circumstances]
        hard.save()
        hard.procedure = catalogue.procedure("1.013225")
        agency = offices.by_code("H29.141")
        assert agency is not None
        found = Days(actions.file(walk.draft(owner, hard, agency), owner), time)
        found.work()
        yield found


def walked(days: Days) -> None:
    """The whole course."""
    days.at(1, 9).claims(CLERK, "tiep-nhan")
    days.does(CLERK, "tiep-nhan", "accept")
    days.at(1, 14).claims(CULTURE, CORRECTED)
    days.at(1, 15).answers(CULTURE, CORRECTED, "conditions", "Lùi rào")
    days.at(2, 10).claims(JUSTICE, PROMPT)
    days.at(2, 10, 30).answers(JUSTICE, PROMPT, "agreed", "Không vướng mắc")
    days.at(3, 9)
    tasks.sweep_silence()
    assert days.work().events.filter(action="silence").count() == 0, "at its limit an office is still in time"
    days.at(3, 9, 5)
    tasks.sweep_silence()
    days.work()
    days.at(3, 10).claims(SPECIALIST, "du-thao")
    days.at(3, 10, 30)
    actions.return_step(days.item("du-thao").pk, person(SPECIALIST), CORRECTED, UNCLEAR)
    days.work()
    days.at(4, 8, 30).answers(CULTURE, CORRECTED, "agreed", "Lùi 2,5 m so với lộ giới")
    days.at(4, 9).claims(SPECIALIST, "du-thao")
    days.at(4, 10)
    actions.request_supplement(days.item("du-thao").pk, person(SPECIALIST), supplements.plain(MISSING))
    days.work()
    days.at(8, 15)
    actions.answer_supplement(days.case, days.case.filed_by, "Bản vẽ đã gửi tại quầy")
    days.work()
    days.at(9, 16)
    actions.prepare_extension(days.case.pk, person(HEAD), LATE, at(19, 17, 30))
    days.at(10, 8)
    actions.extend(days.case.pk, person(LEADER))
    days.work()
    days.at(10, 11, 30).does(SPECIALIST, "du-thao", "finish", "Trình ký")
    days.at(11, 13, 45).claims(LEADER, "ky")
    days.at(11, 14).does(LEADER, "ky", "sign")
    days.outcome_is(IssuedDocument.State.SIGNED)
    days.at(11, 14, 30).claims(REGISTRY, "dong-dau")
    days.does(REGISTRY, "dong-dau", "seal")
    days.at(11, 15).outcome_is(IssuedDocument.State.ISSUED)
    days.at(12, 8).claims(CLERK, "tra-ket-qua")
    actions.hand_over(days.item("tra-ket-qua").pk, person(CLERK), "counter", "Trần Thị Nhận", "em gái")
    days.work()


def when(text: str) -> datetime:
    return datetime.strptime(text, "%H:%M %d/%m/%Y").replace(tzinfo=clock.HERE)


def test_a_hard_case_is_told_truly(days: Days, owner: Person, tmp_path: Path) -> None:
    with override("vi"):
        walked(days)
    case = days.case

    # The clock: ten working days from Monday nine o'clock; two days and three hours of waiting; then put off to a Friday.
    assert (case.state, case.accepted_at, case.completed_at) == (State.RETURNED, at(1, 9), at(11, 15))
    assert (case.extended_from, case.due_at) == (at(17, 14), at(19, 17, 30))
    # Thursday 10:00 to Monday 15:00, the weekend between; eight whole days and four hours of Thursday until it was done.
    assert (case.paused_minutes, case.worked_minutes) == (330 + 480 + 330, 8 * 480 + 240 - 1140)

    # The promise explains itself with the same dates.
    story = story_of(case, list(case.events.order_by("sequence")))
    assert story is not None
    assert [(line.part, line.since, line.until, line.minutes, line.due) for line in story.lines] == [
        (Part.LIMIT, at(1, 9), at(15, 9), 4800, at(15, 9)),
        (Part.PAUSE, at(4, 10), at(8, 15), 1140, at(17, 14)),
        (Part.EXTENSION, at(17, 14), at(19, 17, 30), story.lines[-1].minutes, at(19, 17, 30)),
    ]
    assert story.due_at == case.due_at

    # The steps: each with its own limit, how it was kept, and by whom.
    items = {(item.step, item.round): item for item in case.work_items.all()}
    assert {key: item.due_at for key, item in items.items() if item.hours is not None} == {
        ("tiep-nhan", 1): at(1, 14),
        (SILENT, 1): at(3, 9),
        (CORRECTED, 1): at(3, 9),
        (PROMPT, 1): at(3, 9),
        ("du-thao", 1): at(5, 9, 5),
        (CORRECTED, 2): at(5, 10, 30),
        # Two days from Thursday 8:30 would be Monday 8:30; it stood still for two days and three hours.
        ("du-thao", 2): at(10, 11, 30),
        ("ky", 1): at(11, 11, 30),
        ("dong-dau", 1): at(12, 8),
    }
    assert {key: item.result for key, item in items.items() if item.result} == {
        (SILENT, 1): "silent",
        (CORRECTED, 1): "conditions",
        (PROMPT, 1): "agreed",
        (CORRECTED, 2): "agreed",
    }
    assert len(items) == 10

    with override("vi"):
        _sheet_is_true(case)
        _timelines_are_true(case)
        _pdf_is_true(case, tmp_path)


def _sheet_is_true(case: Case) -> None:
    lines = control_sheet(case)
    steps = [line for line in lines if line.kind == "hand_over"]
    assert [(line.title, when(line.given), line.taken and when(line.taken), line.state) for line in steps] == [
        ("Tiếp nhận", at(1, 8), at(1, 9), Kept.BEFORE),
        ("Hỏi Sở Xây dựng", at(1, 9), "", Kept.AFTER),
        ("Hỏi Phòng Văn hóa", at(1, 9), at(1, 14), Kept.BEFORE),
        ("Hỏi Tư pháp", at(1, 9), at(2, 10), Kept.BEFORE),
        ("Dự thảo", at(3, 9, 5), at(3, 10), Kept.DROPPED),
        ("Hỏi Phòng Văn hóa (lần 2)", at(3, 10, 30), at(3, 10, 30), Kept.BEFORE),
        ("Dự thảo (lần 2)", at(4, 8, 30), at(4, 9), Kept.ON),
        ("Ký", at(10, 11, 30), at(11, 13, 45), Kept.AFTER),
        ("Đóng dấu", at(11, 14), at(11, 14, 30), Kept.BEFORE),
        ("Trả kết quả", at(11, 15), at(12, 8), Kept.BEFORE),
    ]
    silent, dropped, corrected = steps[1], steps[4], steps[5]
    assert silent.taker == case.work_items.get(step=SILENT).office.name, "nobody took what nobody answered"
    assert silent.notes == ["Quá hạn không trả lời: coi như đồng ý"]
    assert any(UNCLEAR in one for one in dropped.notes)
    assert any(UNCLEAR in one for one in corrected.notes)
    assert any("Lùi 2,5 m" in one for one in corrected.notes)
    assert person(SPECIALIST).full_name in corrected.giver
    (pause,) = [line for line in lines if line.kind == "pause"]
    assert (when(pause.given), when(pause.taken)) == (at(4, 10), at(8, 15))
    assert "2 ngày làm việc 3 giờ" in pause.kept
    assert any(MISSING in one for one in pause.notes)
    marks = [(when(line.given), line.notes) for line in lines if line.kind == "mark"]
    assert [moment for moment, _notes in marks] == [at(10, 8), at(11, 15), at(12, 8)]
    extended = " ".join(marks[0][1])
    assert "14:00 17/03/2027" in extended
    assert "17:30 19/03/2027" in extended
    assert LATE in extended
    assert "Trần Thị Nhận, em gái" in marks[2][1]
    data = control_sheet_data(case)
    assert [data[key] for key in ("filed", "accepted", "due_before", "due", "ended")] == [
        "08:00 01/03/2027",
        "09:00 01/03/2027",
        "14:00 17/03/2027",
        "17:30 19/03/2027",
        "15:00 11/03/2027",
    ]
    assert data["stood"] == "2 ngày làm việc 3 giờ"
    assert data["result"] == "Trước hạn"


def _timelines_are_true(case: Case) -> None:
    official = [(one.at, one.action) for one in queries.timeline(case, for_resident=False)]
    assert [one for one in official if one[1] not in ("claim", "begin", "document_signed", "document_issued")] == [
        (at(1, 8), "file"),
        (at(1, 9), "accept"),
        (at(1, 15), "give_opinion"),
        (at(2, 10, 30), "give_opinion"),
        (at(3, 9, 5), "silence"),
        (at(3, 10, 30), "return_step"),
        (at(4, 8, 30), "give_opinion"),
        (at(4, 10), "request_supplement"),
        (at(8, 15), "answer_supplement"),
        (at(9, 16), "prepare_extension"),
        (at(10, 8), "extend"),
        (at(10, 11, 30), "finish"),
        (at(11, 14), "sign"),
        (at(11, 14, 30), "seal"),
        (at(11, 15), "complete"),
        (at(12, 8), "hand_over"),
    ]
    seen = queries.timeline(case, for_resident=True)
    told = " ".join(f"{one.title} {one.note} {one.actor_name}" for one in seen)
    assert MISSING in told
    assert LATE in told
    assert not {"return_step", "prepare_extension", "claim"} & {one.action for one in seen}
    assert all(hidden not in told for hidden in (UNCLEAR, "Lùi rào", "Không vướng mắc", person(SPECIALIST).full_name))
    assert [one.office_name for one in seen if one.action == "silence"] == [case.work_items.get(step=SILENT).office.name]
    assert queries.chain_is_intact(case)


def _pdf_is_true(case: Case, tmp_path: Path) -> None:
    sheet = sheets.ask_for_control_sheet(case, person(HEAD))
    assert sheets.make_sheet(sheet.pk)
    sheet.refresh_from_db()
    if not shutil.which("pdftotext"):
        pytest.skip("pdftotext is not on this machine")
    file = tmp_path / "phieu.pdf"
    file.write_bytes(default_storage.open(sheet.file.name).read())
    read = " ".join(
        subprocess.run(["pdftotext", "-raw", str(file), "-"], capture_output=True, text=True, check=True).stdout.split()
    )
    moments = (
        "09:00 01/03/2027",
        "09:05 03/03/2027",
        "10:30 03/03/2027",
        "15:00 08/03/2027",
        "17:30 19/03/2027",
        "14:00 17/03/2027",
    )
    assert all(moment in read for moment in moments), [moment for moment in moments if moment not in read]
    assert UNCLEAR in read
    assert LATE in read
