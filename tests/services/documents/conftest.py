"""One certificate authority and one folder for files, shared by the tests of a session: making keys is the slow part."""

from pathlib import Path
from typing import Any

import pytest

from identity.offices.models import Office
from identity.people.models import Person
from services.documents import actions
from services.documents.models import IssuedDocument

CERTIFICATE: dict[str, Any] = {
    "parent_agency": "Thành phố Hồ Chí Minh",
    "agency": "Ủy ban nhân dân phường Bến Thành",
    "place": "Bến Thành",
    "layout": "certificate",
    "title": "Giấy phép xây dựng",
    "summary": "Nhà ở riêng lẻ",
    "symbol": "GPXD-UBND",
    "basis": ["Căn cứ Luật Xây dựng;"],
    "paragraphs": ["Cấp phép cho chủ đầu tư được xây dựng công trình với các nội dung sau:"],
    "rows": [["Chủ đầu tư", "Nguyễn Thị Hồng Hạnh"], ["Địa điểm xây dựng", "Số 45/12 đường Nguyễn Trãi"]],
    "articles": ["Giấy phép này có giá trị trong 12 tháng."],
    "recipients": ["Chủ đầu tư", "Lưu: VT, KTHTĐT"],
    "capacity": "TM. Ủy ban nhân dân",
    "signer_title": "Chủ tịch",
    "signer_name": "Lê Hoàng Phúc",
    "case_number": "H29.12-261121-0007",
}
DECISION = CERTIFICATE | {
    "layout": "decision",
    "title": "Quyết định",
    "symbol": "QĐ-UBND",
    "articles": ["Giải quyết hỗ trợ theo nội dung sau:", "Nội dung rất dài. " * 400, "Quyết định này có hiệu lực kể từ ngày ký."],
}
RECEIPT: dict[str, Any] = {
    "agency": "Ủy ban nhân dân phường Bến Thành",
    "parent_agency": "Thành phố Hồ Chí Minh",
    "office_name": "Trung tâm Phục vụ hành chính công",
    "place": "Bến Thành",
    "case_number": "H29.12-261121-0007",
    "applicant": "Nguyễn Thị Hồng Hạnh",
    "subject": "Nguyễn Văn Đức",
    "personal_number_masked": "********1234",
    "phone": "+84901234567",
    "address": "Số 45/12 đường Nguyễn Trãi",
    "email": "hanh@example.vn",
    "procedure_name": "Cấp giấy phép xây dựng mới đối với nhà ở riêng lẻ",
    "procedure_code": "1.013225",
    "documents": [{"name": "Giấy tờ chứng minh quyền sử dụng đất", "kind": "bản điện tử", "count": 2}],
    "limit_text": "15 ngày",
    "received_at": "2026-11-21T09:15:00+07:00",
    "due_at": "2026-12-07T17:00:00+07:00",
    "return_place": "Trung tâm Phục vụ hành chính công phường Bến Thành",
    "fees_text": "75.000 đồng",
    "receiver_name": "Phạm Thị Mai",
    "receiver_title": "Cán bộ một cửa",
    "hotline": "1022",
}
SLIP: dict[str, Any] = RECEIPT | {
    "number": "01/PBS-UBND",
    "issued_on": "2026-11-21",
    "time": 1,
    "items_asked": [{"label": "Bản vẽ thiết kế", "text": "Bổ sung mặt bằng móng"}, {"label": "", "text": "Nộp bản cam kết"}],
    "reason": "Hồ sơ chưa đủ thành phần",
    "instructions": "Mỗi tờ một trang",
    "answer_by_at": "2026-12-14T17:00+07:00",
    "filed_at": "2026-11-21T09:15+07:00",
    "contact_name": "Phạm Thị Mai",
    "contact_phone": "028 3829 7000",
}
LETTER: dict[str, Any] = SLIP | {
    "agency_name": "Ủy ban nhân dân phường Bến Thành",
    "capacity": "TL. Chủ tịch",
    "signer_title": "Trưởng Phòng Kinh tế, Hạ tầng và Đô thị",
    "signer_name": "Lê Hoàng Phúc",
    "signed_by_head": True,
    "accepted_at": "2026-11-09T09:15+07:00",
    "before_at": "2026-11-18T17:00+07:00",
    "after_at": "2026-11-25T17:00+07:00",
    "basis": ["Luật Xây dựng số 50/2014/QH13"],
    "recipients": ["Như trên", "Lưu: VT"],
}


@pytest.fixture(scope="session")
def signing_store(tmp_path_factory: pytest.TempPathFactory) -> Path:
    return tmp_path_factory.mktemp("signing")


@pytest.fixture(autouse=True)
def own_folders(settings: Any, signing_store: Path, tmp_path: Path) -> None:
    settings.SIGNING_STORE = str(signing_store)
    settings.SIGNING_PASSPHRASE = "a passphrase of the tests"
    settings.MEDIA_ROOT = tmp_path


@pytest.fixture
def ward(db: None) -> Office:
    city = Office.objects.create(kind=Office.Kind.CITY, code="H29", name="Thành phố Hồ Chí Minh", symbol="UBND")
    return Office.objects.create(
        kind=Office.Kind.WARD,
        parent=city,
        code="H29.12",
        name="Phường Bến Thành",
        issuing_name="Ủy ban nhân dân phường Bến Thành",
        symbol="UBND",
        place="Bến Thành",
    )


@pytest.fixture
def leader(db: None) -> Person:
    return Person.objects.create_user(username="lanhdao.benthanh", full_name="Lê Hoàng Phúc", kind=Person.Kind.OFFICIAL)


@pytest.fixture
def clerk(db: None) -> Person:
    return Person.objects.create_user(username="vanthu.benthanh", full_name="Trần Thị Thu", kind=Person.Kind.OFFICIAL)


@pytest.fixture
def outcome(ward: Office, leader: Person) -> IssuedDocument:
    """Asked for and not yet drawn up."""
    return actions.request_document(
        kind=IssuedDocument.Kind.OUTCOME,
        template="outcome_certificate",
        title="Giấy phép xây dựng",
        case_number="H29.12-261121-0007",
        office=ward,
        data=CERTIFICATE,
        signer=leader,
    )


@pytest.fixture
def receipt(ward: Office) -> IssuedDocument:
    """Asked for and not yet drawn up."""
    return actions.request_document(
        kind=IssuedDocument.Kind.RECEIPT,
        template="receipt",
        title="Giấy tiếp nhận hồ sơ và hẹn trả kết quả",
        case_number="H29.12-261121-0007",
        office=ward,
        data=RECEIPT,
    )
