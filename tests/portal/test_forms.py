from datetime import date
from typing import Any

import pytest
from django import forms
from django.core.files.uploadedfile import SimpleUploadedFile, UploadedFile
from django.http import QueryDict
from django.template.loader import render_to_string
from django.utils import translation
from django.utils.datastructures import MultiValueDict
from hypothesis import given
from hypothesis import strategies as st

from portal.kit.forms import DateParts, DatePartsInput, Files, GovukBoundField, MonthInput, YesNo, error_links
from tests.portal.markup import Elements, sound

KINDS = [("house", "Nhà ở riêng lẻ"), ("other", "Công trình khác")]


class Sample(forms.Form):
    name = forms.CharField(label="Họ và tên", help_text="Như trên thẻ căn cước.")
    area = forms.DecimalField(label="Diện tích", widget=forms.NumberInput({"mc-suffix": "m²", "mc-width": 5}))
    phone = forms.CharField(label="Điện thoại", required=False, widget=forms.TextInput({"type": "tel", "autocomplete": "tel"}))
    born = DateParts(label="Ngày sinh", help_text="Ví dụ 27 3 1990")
    kind = forms.ChoiceField(
        label="Loại", choices=KINDS, widget=forms.RadioSelect({"mc-choice-help": {"house": "Không quá 7 tầng."}, "mc-label": "m"})
    )
    owned = YesNo(label="Có giấy chứng nhận?")
    parts = forms.MultipleChoiceField(label="Hạng mục", choices=KINDS, widget=forms.CheckboxSelectMultiple)
    ward = forms.ChoiceField(label="Phường", choices=[("", "Chọn"), ("1", "Bến Thành")])
    note = forms.CharField(label="Mô tả", max_length=40, widget=forms.Textarea)
    secret = forms.CharField(label="Mật khẩu", widget=forms.PasswordInput)
    drawings = Files(label="Bản vẽ")
    agreed = forms.BooleanField(label="Tôi cam đoan", help_text="Khai sai phải chịu trách nhiệm.")
    token = forms.CharField(widget=forms.HiddenInput, initial="t")


def bound(**typed: Any) -> Sample:
    data = QueryDict(mutable=True)
    for name, value in typed.items():
        data.setlist(name, value if isinstance(value, list) else [value])
    return Sample(data, MultiValueDict())


def drawn(form: forms.Form, name: str) -> GovukBoundField:
    """A field as the renderer's own kind."""
    field = form[name]
    assert isinstance(field, GovukBoundField)
    return field


class TestMarkup:
    def test_of_a_fresh_form_is_sound(self) -> None:
        sound(str(Sample()))

    def test_of_a_form_with_errors_is_sound(self) -> None:
        form = bound()
        assert not form.is_valid()
        page = sound(str(form))
        assert page.find("input", id="id_name")["aria-describedby"] == "id_name_helptext id_name_error"
        assert page.find("input", id="id_name")["aria-invalid"] == "true"
        assert "govuk-input--error" in str(page.find("input", id="id_name")["class"])

    def test_says_error_before_the_message(self) -> None:
        with translation.override("vi"):
            assert '<span class="govuk-visually-hidden">Lỗi:</span> Hãy điền: Họ và tên' in str(bound())

    def test_numbers_are_typed_as_text(self) -> None:
        attrs = sound(str(Sample())).find("input", id="id_area")
        assert (attrs["type"], attrs["inputmode"], attrs["class"]) == ("text", "decimal", "govuk-input govuk-input--width-5")
        assert not {"min", "max", "step", "required"} & set(attrs)

    def test_a_number_that_is_none_stays_as_typed(self) -> None:
        assert sound(str(bound(area="nhiều"))).find("input", id="id_area")["value"] == "nhiều"

    def test_unit_is_beside_the_input(self) -> None:
        assert '<div class="govuk-input__suffix" aria-hidden="true">m²</div>' in str(Sample())

    def test_attributes_pass_through(self) -> None:
        assert sound(str(Sample())).find("input", id="id_phone")["autocomplete"] == "tel"

    def test_optional_is_said_unless_the_form_does_not_want_it(self) -> None:
        class Filter(Sample):
            mark_optional = False

        assert str(Sample()).count("(optional)") == 1
        assert "(optional)" not in str(Filter())

    def test_choices_have_their_help(self) -> None:
        page = sound(str(Sample()))
        assert page.find("input", id="id_kind_0")["aria-describedby"] == "id_kind_0_help"
        assert "aria-describedby" not in page.find("input", id="id_kind_1")

    def test_what_was_chosen_stays_chosen(self) -> None:
        page = sound(str(bound(kind="other", owned="no", parts=["house"], agreed="on", ward="1")))
        checked = {attrs["id"] for _, attrs in page.all if "checked" in attrs}
        assert checked == {"id_kind_1", "id_owned_1", "id_parts_0", "id_agreed"}
        assert "selected" in page.find("option", value="1")

    def test_a_counted_text_is_not_cut_by_the_browser(self) -> None:
        page = sound(str(bound(note="x" * 41)))
        assert "maxlength" not in page.find("textarea", id="id_note")
        assert page.find("div", **{"data-module": "govuk-character-count"})["data-maxlength"] == "40"

    def test_words_of_the_counter_are_for_its_script(self) -> None:
        with translation.override("vi"):
            assert 'data-i18n.characters-under-limit.other="Còn %{count} ký tự"' in str(Sample())

    def test_a_password_is_never_sent_back(self) -> None:
        assert "value" not in sound(str(bound(secret="hunter2"))).find("input", id="id_secret")

    def test_typed_markup_is_only_text(self) -> None:
        assert "<script>" not in str(bound(name="<script>", note="</textarea><script>", born_day="<script>"))

    def test_a_plain_field_is_left_to_the_administration_site(self) -> None:
        assert str(Sample()["name"]) == (
            '<input type="text" name="name" required aria-describedby="id_name_helptext" id="id_name">'
        )

    def test_private_attributes_are_not_printed_plainly_either(self) -> None:
        assert "mc-" not in str(Sample()["area"])

    def test_a_disabled_field_says_so(self) -> None:
        form = Sample()
        for field in form.fields.values():
            field.disabled = True
        page = sound(str(form))
        inputs = [attrs for tag, attrs in page.all if tag in {"input", "select", "textarea"} and attrs.get("type") != "hidden"]
        assert all("disabled" in attrs for attrs in inputs)

    def test_label_can_be_the_heading(self) -> None:
        form = Sample()
        form.fields["name"].widget.attrs["mc-heading"] = True
        form.fields["kind"].widget.attrs["mc-heading"] = True
        page = sound(str(form))
        assert [tag for tag, _ in page.all].count("h1") == 2


class TestErrorSummary:
    def test_leads_to_inputs_that_are_there(self) -> None:
        form = bound(born_day="31", born_month="2", born_year="1990", token="t")
        ids = sound(str(form)).ids()
        links = error_links(form)
        assert [str(link["href"])[1:] in ids for link in links] == [True] * len(links)
        assert {link["href"] for link in links} >= {"#id_kind_0", "#id_parts_0", "#id_born_day", "#id_agreed", "#id_drawings"}

    def test_a_date_leads_to_the_part_that_is_wrong(self) -> None:
        form = bound(born_day="1", born_month="13", born_year="1990")
        assert "#id_born_month" in {link["href"] for link in error_links(form)}

    def test_a_missing_answer_is_named(self) -> None:
        messages = [link["message"] for link in error_links(bound())]
        assert messages[:2] == ["Enter: Họ và tên", "Enter: Diện tích"]
        assert "Choose one: Loại" in messages
        assert "Tick to confirm: Tôi cam đoan" in messages

    def test_own_words_for_a_missing_answer_stay(self) -> None:
        form = bound()
        form.fields["name"].error_messages["required"] = "Cần biết chủ hồ sơ là ai."
        assert error_links(form)[0]["message"] == "Cần biết chủ hồ sơ là ai."

    def test_shows_errors_of_the_whole_form_and_of_several_forms(self) -> None:
        one, other = bound(name="a"), bound()
        one.add_error(None, "Hồ sơ đã được nộp.")
        html = render_to_string(
            "components/error_summary.html", {"forms": [one, other], "problems": [{"message": "Thiếu tệp", "href": "#up"}]}
        )
        page = Elements(html)
        assert "<li>Hồ sơ đã được nộp.</li>" in html
        assert page.find("a", href="#up")
        assert html.count("Enter: Họ và tên") == 1

    @pytest.mark.parametrize("context", [{}, {"form": Sample()}, {"form": None, "forms": []}])
    def test_is_silent_without_errors(self, context: dict[str, Any]) -> None:
        assert render_to_string("components/error_summary.html", context).strip() == ""


class TestDate:
    @staticmethod
    def cleaned(day: str, month: str, year: str) -> Any:
        form = bound(born_day=day, born_month=month, born_year=year)
        form.full_clean()
        return form.cleaned_data.get("born") or form.errors.as_data()["born"][0].code

    @pytest.mark.parametrize(
        ("typed", "expected"),
        [
            (("27", "3", "1990"), date(1990, 3, 27)),
            ((" 07 ", "03", "1990"), date(1990, 3, 7)),
            (("29", "2", "2024"), date(2024, 2, 29)),
            (("29", "2", "2023"), "month_end"),
            (("31", "4", "2023"), "month_end"),
            (("32", "1", "2023"), "day"),
            (("0", "1", "2023"), "day"),
            (("1", "13", "2023"), "month"),
            (("1", "1", "90"), "year"),
            (("1", "1", "20233"), "year"),
            (("mot", "1", "2023"), "numbers"),
            (("-1", "1", "2023"), "numbers"),
            (("①", "1", "2023"), "numbers"),
            (("", "1", "2023"), "incomplete"),
            (("1", "", ""), "incomplete"),
            (("", "", ""), "required"),
        ],
    )
    def test_what_is_typed(self, typed: tuple[str, str, str], expected: Any) -> None:
        assert self.cleaned(*typed) == expected

    def test_messages_are_plain_vietnamese(self) -> None:
        with translation.override("vi"):
            found = {
                code: bound(born_day=day, born_month=month, born_year=year).errors["born"][0]
                for code, day, month, year in [("day", "32", "1", "2020"), ("end", "30", "2", "2023"), ("gap", "", "1", "2020")]
            }
        assert found == {
            "day": "Ngày phải là số từ 1 đến 31.",
            "end": "Tháng 2 năm 2023 chỉ có 28 ngày.",
            "gap": "Cần đủ ngày, tháng và năm: còn thiếu ngày.",
        }

    @given(st.text(max_size=6), st.text(max_size=6), st.text(max_size=8))
    def test_anything_typed_is_a_date_or_an_error_and_stays_on_the_page(self, day: str, month: str, year: str) -> None:
        form = bound(born_day=day, born_month=month, born_year=year)
        form.full_clean()
        assert isinstance(form.cleaned_data.get("born"), date) or form.errors["born"]
        assert [part["value"] for part in drawn(form, "born").date_parts] == [day.strip(), month.strip(), year.strip()]

    @pytest.mark.parametrize("initial", [date(1990, 3, 27), "1990-03-27"])
    def test_initial_fills_the_parts(self, initial: Any) -> None:
        form = Sample(initial={"born": initial})
        assert [part["value"] for part in drawn(form, "born").date_parts] == ["27", "3", "1990"]
        assert not DateParts().has_changed(initial, {"day": "27", "month": "3", "year": "1990"})

    def test_what_is_known_of_a_date_fills_its_parts(self) -> None:
        assert DatePartsInput.split("1990") == {"day": "", "month": "", "year": "1990"}
        assert DatePartsInput.split("1990-03") == {"day": "", "month": "03", "year": "1990"}

    def test_a_month_has_two_inputs(self) -> None:
        class Since(forms.Form):
            since = forms.Field(widget=MonthInput, required=False)

        page = sound(str(Since({"since_month": "5", "since_year": "2020"})))
        assert page.find("input", name="since_month")["value"] == "5"
        assert page.find("input", name="since_year")["value"] == "2020"
        assert "since_day" not in str(Since())
        assert Since(initial={"since": "2020-05"})["since"].focus_id == "id_since_month"

    def test_an_iso_date_in_one_value_is_understood(self) -> None:
        form = bound(born="1990-03-27")
        form.full_clean()
        assert form.cleaned_data["born"] == date(1990, 3, 27)

    def test_only_the_wrong_part_is_marked(self) -> None:
        page = sound(str(bound(born_day="1", born_month="13", born_year="1990")))
        assert "govuk-input--error" in str(page.find("input", id="id_born_month")["class"])
        assert "govuk-input--error" not in str(page.find("input", id="id_born_day")["class"])

    def test_a_birthday_may_be_filled_in_by_the_browser(self) -> None:
        form = Sample()
        form.fields["born"].widget.attrs["autocomplete"] = "bday"
        assert sound(str(form)).find("input", id="id_born_year")["autocomplete"] == "bday-year"


class TestOtherFields:
    @pytest.mark.parametrize(("typed", "value"), [("yes", True), ("no", False), ("", None)])
    def test_yes_or_no(self, typed: str, value: bool | None) -> None:
        class Asking(forms.Form):
            owned = YesNo(required=False)

        form = Asking({"owned": typed})
        assert form.is_valid()
        assert form.cleaned_data["owned"] is value

    @pytest.mark.parametrize(("value", "chosen"), [(True, "yes"), (False, "no"), (None, None)])
    def test_yes_or_no_shows_what_was_answered(self, value: bool | None, chosen: str | None) -> None:
        form = Sample(initial={"owned": value})
        assert [choice["value"] for choice in drawn(form, "owned").choices if choice["selected"]] == ([chosen] if chosen else [])

    def test_several_files(self) -> None:
        class Sending(forms.Form):
            drawings = Files()

        sent: list[UploadedFile] = [SimpleUploadedFile("a.pdf", b"a"), SimpleUploadedFile("b.pdf", b"b")]
        form = Sending({}, MultiValueDict[str, UploadedFile]({"drawings": sent}))
        assert form.is_valid()
        assert form.cleaned_data["drawings"] == sent
        assert "multiple" in sound(str(form)).find("input", type="file")

    def test_no_file_where_one_is_needed(self) -> None:
        class Sending(forms.Form):
            drawings = Files()
            more = Files(required=False)

        form = Sending({}, MultiValueDict())
        assert set(form.errors) == {"drawings"}
        assert form.cleaned_data["more"] == []
