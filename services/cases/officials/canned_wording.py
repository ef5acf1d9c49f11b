"""What the placeholders of an office's texts stand for, and a sample to show them on."""

from collections.abc import Mapping

from django.utils.functional import Promise
from django.utils.translation import gettext_lazy as _

from services.cases.models import CannedText

PLACEHOLDERS: Mapping[str, Promise] = {
    "so_ho_so": _("number of the case"),
    "ho_ten": _("whom the case is for"),
    "nguoi_nop": _("who filed it"),
    "thu_tuc": _("name of the procedure"),
    "ngay_nop": _("day of filing"),
    "ngay_tiep_nhan": _("day of acceptance"),
    "han_tra": _("promised time and date"),
    "co_quan": _("competent agency"),
    "don_vi": _("your office"),
    "dien_thoai": _("telephone of your office"),
    "dia_chi": _("address of your office"),
    "can_bo": _("your name"),
    "hom_nay": _("today's date"),
}
USES: Mapping[str, str] = {
    "refuse": CannedText.Use.REFUSAL,
    "stop": CannedText.Use.STOP,
    "give_opinion": CannedText.Use.OPINION,
}
"""Single actions whose note is a text of some length -> which texts fit."""
SAMPLE: Mapping[str, str] = {
    "so_ho_so": "H29.141-261121-0001",
    "ho_ten": "Nguyễn Văn An",
    "nguoi_nop": "Nguyễn Văn An",
    "thu_tuc": "Cấp giấy phép xây dựng mới đối với nhà ở riêng lẻ",
    "ngay_nop": "20/11/2026",
    "ngay_tiep_nhan": "21/11/2026",
    "han_tra": "14:30 26/11/2026",
    "co_quan": "Ủy ban nhân dân phường",
    "hom_nay": "21/11/2026",
}
"""Values of nobody's case; office and name are those of whoever writes."""
