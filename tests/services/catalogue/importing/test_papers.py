"""Papers: notes explain, headings make circumstances, glued file names go."""

import pytest

from services.catalogue.importing.papers import cleaned, form_code, heading_name, is_general, matching, papers
from tests.services.catalogue.importing.records import paper


def test_rows_with_neither_originals_nor_copies_explain_the_paper_before_them() -> None:
    found = papers([paper("Tờ khai"), paper("Người dưới 14 tuổi do cha mẹ khai", 0, 0), paper("Ảnh 4x6")], ())
    assert [one["name"] for one in found.documents] == ["Tờ khai", "Ảnh 4x6"]
    assert found.documents[0]["help"] == "Người dưới 14 tuổi do cha mẹ khai"


def test_notes_before_any_paper_and_under_a_heading_of_notes_belong_to_all() -> None:
    rows = [paper("Ghi chung", 0, 0), paper("Tờ khai"), paper("Không nộp thêm giấy tờ", 0, 0, case="Lưu ý")]
    assert papers(rows, ()).notes == ["Ghi chung", "Không nộp thêm giấy tờ"]


def test_headings_become_circumstances_and_shared_papers_are_listed_once() -> None:
    rows = [
        paper("Đơn đề nghị", case="a) Trường hợp cấp mới, hồ sơ gồm"),
        paper("Bản vẽ", case="a) Trường hợp cấp mới, hồ sơ gồm"),
        paper("Đơn đề nghị", case="b) Trường hợp cấp lại, hồ sơ gồm:"),
    ]
    found = papers(rows, ())
    assert [(one["key"], one["label"]) for one in found.circumstances] == [
        ("truong-hop-cap-moi", "Trường hợp cấp mới"),
        ("truong-hop-cap-lai", "Trường hợp cấp lại"),
    ]
    assert [(one["key"], one["circumstances"]) for one in found.documents] == [
        ("don-de-nghi", []),
        ("ban-ve", ["truong-hop-cap-moi"]),
    ]


def test_a_circumstance_is_added_for_papers_without_heading() -> None:
    rows = [paper("Đơn"), paper("A", case="Trường hợp thứ nhất"), paper("B", case="Trường hợp thứ hai")]
    found = papers(rows, ())
    assert found.circumstances[0]["key"] == "truong-hop-khac"
    assert {"circumstances.guessed", "circumstances.other"} <= {one.code for one in found.findings}


@pytest.mark.parametrize(
    "heading",
    ["Giấy tờ phải nộp", "Thành phần hồ sơ", "Lưu ý", "1) Thành phần hồ sơ, bao gồm", "Trường hợp ủy quyền thực hiện thủ tục"],
)
def test_headings_that_say_what_follows_are_no_circumstances(heading: str) -> None:
    assert is_general(heading)
    assert papers([paper("A", case=heading), paper("B", case="Trường hợp cấp lại")], ()).circumstances == []


def test_papers_for_the_authorised_and_papers_to_show() -> None:
    rows = [
        paper("Văn bản ủy quyền", case="Trường hợp ủy quyền thực hiện thủ tục"),
        paper("Căn cước", case="Giấy tờ phải xuất trình"),
        paper("Giấy khám sức khỏe (nếu có)", case="Giấy tờ phải nộp"),
    ]
    found = papers(rows, ()).documents
    assert [(one["required"], one["electronic"]) for one in found] == [(False, "upload"), (True, "show"), (False, "upload")]
    assert found[0]["help"] == "Trường hợp ủy quyền thực hiện thủ tục"


def test_the_only_heading_beside_papers_without_one_is_a_condition() -> None:
    found = papers([paper("Đơn"), paper("Cam kết", case="Trường hợp doanh nghiệp xã hội")], ())
    assert found.circumstances == []
    assert [(one["required"], one["help"]) for one in found.documents] == [(True, ""), (False, "Trường hợp doanh nghiệp xã hội")]


@pytest.mark.parametrize(
    ("name", "expected"),
    [
        (
            "Tờ khai (Mẫu X01 kèm theo Thông tư 1/2025/TT-BCA).1.MuX01banhnhkmtheo",
            "Tờ khai (Mẫu X01 kèm theo Thông tư 1/2025/TT-BCA).",
        ),
        ("Giấy khai (mẫu X10 của Bộ trưởng).Mau", "Giấy khai (mẫu X10 của Bộ trưởng)"),
        ("Đơn xin nhận con nuôi;1.nxinnhnconnui.doc", "Đơn xin nhận con nuôi"),
        ("Kèm ảnh có nền màu trắng.mau so 12 (1).doc", "Kèm ảnh có nền màu trắng."),
        ("Kèm ảnh có nền màu trắngmau so 12 (1).doc", "Kèm ảnh có nền màu trắng"),
        ("Bản kê khai khoáng sảnMau07-PhulucII_38.2025", "Bản kê khai khoáng sản"),
        ("Chữ ký của hai người làm chứng.7", "Chữ ký của hai người làm chứng."),
        ("Bản khai theo mẫu BM.NCC.20.03", "Bản khai theo mẫu BM.NCC.20.03"),
        ("a) Giấy giới thiệu của đơn vị;", "Giấy giới thiệu của đơn vị"),
        ("02 ảnh 4x6cm", "02 ảnh 4x6cm"),
    ],
)
def test_glued_file_names_and_numbers_go(name: str, expected: str) -> None:
    assert cleaned(name) == expected


def test_what_was_cut_off_is_reported_with_the_whole_text() -> None:
    name = "Văn bản đề nghị theo quy định" + "văn bản đề nghị.docx"
    found = papers([paper(name, form_file="văn bản đề nghị.docx")], ())
    assert found.documents[0]["name"] == "Văn bản đề nghị theo quy định"
    assert [(one.code, one.value) for one in found.findings if one.code == "documents.cleaned"] == [("documents.cleaned", name)]


def test_long_names_are_divided_and_nothing_is_lost() -> None:
    name = "Giấy chứng nhận quyền sử dụng đất. " + "Phần giải thích dài. " * 30
    found = papers([paper(name)], ()).documents[0]
    assert len(found["name"]) <= 300
    assert "".join(f"{found['name']}{found['help']}".split()).startswith("".join(name.split())[:500].rstrip("."))


def test_keys_are_short_and_differ_from_one_another_and_from_the_form() -> None:
    rows = [paper("Tờ khai"), paper("Tờ khai"), paper("Đơn"), paper("!!!"), paper("x" * 300)]
    keys = [one["key"] for one in papers(rows, ["don"]).documents]
    assert keys[:4] == ["to-khai", "to-khai-2", "don-2", "giay-to"]
    assert all(len(key) <= 40 for key in keys)
    assert len(set(keys)) == len(keys)


def test_rows_without_counts_are_papers_with_one_original() -> None:
    found = papers([paper("Tờ khai", None, None)], ())
    assert found.documents[0]["originals"] == 1
    assert "documents.count" in {one.code for one in found.findings}


def test_the_statutory_form_is_read() -> None:
    text = "Tờ khai thay đổi thông tin cư trú (Mẫu CT01 ban hành kèm theo Thông tư số 53/2025/TT-BCA)"
    assert form_code(text) == "Mẫu CT01 ban hành kèm theo Thông tư số 53/2025/TT-BCA"
    assert form_code("Đơn đề nghị theo Mẫu số 01") == "Mẫu số 01"
    assert form_code("Bản sao giấy khai sinh") == ""


def test_a_heading_keeps_what_it_is_about() -> None:
    assert heading_name("(iv) Trường hợp hộ kinh doanh có hai thành viên, hồ sơ gồm các giấy tờ sau:") == (
        "Trường hợp hộ kinh doanh có hai thành viên"
    )


def test_the_annex_finds_its_paper_by_the_telling_words() -> None:
    documents = [
        {"name": "Tờ khai có số căn cước"},
        {"name": "Bản sao Thẻ căn cước công dân của người nộp"},
        {"name": "Giấy chứng nhận quyền sử dụng đất"},
        {"name": "Giấy chứng nhận đăng ký doanh nghiệp"},
    ]
    assert matching(documents, "Căn cước") == [1]
    assert matching(documents, "Giấy chứng nhận đăng ký doanh nghiệp, Giấy chứng nhận đăng ký hợp tác xã") == [3]
    assert matching(documents, "Giấy khám sức khỏe") == []
