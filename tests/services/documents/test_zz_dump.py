import sys; sys.path.insert(0,"/tmp/docs")
import pytest, sample
from pathlib import Path
from services.documents import actions
from .test_issuing import issue, content
from .conftest import *
@pytest.mark.django_db
def test_dump(ward, leader, clerk):
    for name,tpl,data in [("cert","outcome_certificate",sample.CERT),("dec","outcome_decision",sample.DEC)]:
        d=actions.request_document(kind="outcome",template=tpl,title=data["title"],case_number=data["case_number"],office=ward,data=data,signer=leader)
        actions.draw_up(d.pk); d.refresh_from_db(); Path(f"/tmp/docs/{name}-signed.pdf").write_bytes(content(d)); 
        import datetime
        actions.take_number(d,d.office,data["symbol"],datetime.date(2026,11,21)); actions.request_seal(d,clerk); actions.seal(d.pk); d.refresh_from_db()
        Path(f"/tmp/docs/{name}.pdf").write_bytes(content(d))
    d=actions.request_document(kind="receipt",template="receipt",title="Giấy tiếp nhận hồ sơ và hẹn trả kết quả",case_number="x",office=ward,data=sample.REC)
    actions.draw_up(d.pk); d.refresh_from_db(); Path("/tmp/docs/rec.pdf").write_bytes(content(d))
