"""Addresses of filing, of a resident's own cases and of the public look-up."""

from django.urls import path, re_path

from services.cases import (
    application_form_views,
    behalf_views,
    eligibility_views,
    filing_page_views,
    filing_papers_views,
    filing_start_views,
    filing_views,
    handoff_views,
    mandate_views,
    resident_views,
    supplement_views,
    thread_views,
)

CODE = r"(?P<code>\d\.\d{6}(?:\.[A-Z0-9]+)*)"
DRAFT = "nop/ho-so/<uuid:key>"
CASE = "ho-so/<str:number>"
PIECES = f"{DRAFT}/tai-len/<slug:document>"

urlpatterns = [
    # A code looks like 1.013225, so that /nop/ keeps room for other pages.
    re_path(rf"^nop/{CODE}/$", filing_start_views.file_start, name="file_start"),
    re_path(rf"^nop/{CODE}/dieu-kien/$", eligibility_views.file_eligibility, name="file_eligibility"),
    path("nop/ma-bieu-mau/", filing_page_views.file_token, name="file_token"),
    path("nop/da-dang-nhap/", filing_page_views.file_signed_in, name="file_signed_in"),
    path(f"{DRAFT}/", filing_views.file_continue, name="file_continue"),
    path(f"{DRAFT}/bat-dau/", filing_views.file_choice, name="file_choice"),
    path(f"{DRAFT}/thay-cho/", behalf_views.file_behalf, name="file_behalf"),
    path(f"{DRAFT}/giay-to/", filing_papers_views.file_documents, name="file_documents"),
    path(f"{DRAFT}/giay-to/<uuid:attachment>/go-bo/", filing_papers_views.file_remove, name="file_remove"),
    path(f"{DRAFT}/giay-to/<slug:document>/", filing_papers_views.file_upload, name="file_upload"),
    path(f"{DRAFT}/giay-to/<uuid:attachment>/len/", filing_papers_views.file_up, name="file_up"),
    path(f"{DRAFT}/giay-to/<uuid:attachment>/xuong/", filing_papers_views.file_down, name="file_down"),
    path(f"{DRAFT}/giay-to/<uuid:attachment>/luu-kho/", filing_papers_views.file_keep, name="file_keep"),
    path(f"{DRAFT}/giay-to/<slug:document>/gop/", filing_papers_views.file_combine, name="file_combine"),
    path(f"{DRAFT}/giay-to/<slug:document>/tu-kho/", filing_papers_views.file_from_store, name="file_from_store"),
    path(f"{PIECES}/", filing_papers_views.file_upload_start, name="file_upload_start"),
    path(f"{PIECES}/<uuid:upload>/", filing_papers_views.file_upload_piece, name="file_upload_piece"),
    path(f"{PIECES}/<uuid:upload>/xong/", filing_papers_views.file_upload_finish, name="file_upload_finish"),
    path(f"{PIECES}/<uuid:upload>/bo/", filing_papers_views.file_upload_drop, name="file_upload_drop"),
    path(f"{DRAFT}/kiem-tra/", filing_views.file_check, name="file_check"),
    path(f"{DRAFT}/gui/", filing_views.file_submit, name="file_submit"),
    path(f"{DRAFT}/da-nop/", filing_views.file_done, name="file_done"),
    path(f"{DRAFT}/xoa/", filing_views.file_discard, name="file_discard"),
    path(f"{DRAFT}/tai-quay/", handoff_views.file_at_counter, name="handoff"),
    path(f"{DRAFT}/to-khai/", application_form_views.file_form, name="file_form"),
    path(f"{DRAFT}/to-khai/tai-ve/", application_form_views.file_form_pdf, name="file_form_pdf"),
    path(f"{DRAFT}/in/", filing_views.file_print, name="file_print"),
    path(f"{DRAFT}/<slug:page>/", filing_page_views.file_page, name="file_page"),
    path(f"{DRAFT}/<slug:page>/luu/", filing_page_views.file_save, name="file_save"),
    path("ho-so/", resident_views.my_cases, name="my_cases"),
    path(f"{CASE}/", resident_views.my_case, name="my_case"),
    path(f"{CASE}/to-khai/", application_form_views.my_form, name="my_form"),
    path(f"{CASE}/bo-sung/", supplement_views.my_supplement, name="my_supplement"),
    path(f"{CASE}/bo-sung/luu/", supplement_views.my_supplement_save, name="my_supplement_save"),
    path(f"{CASE}/trao-doi/", thread_views.my_thread, name="my_thread"),
    path(f"{CASE}/trao-doi/luu/", thread_views.my_thread_save, name="my_thread_save"),
    path(f"{CASE}/trao-doi/tep/<uuid:attachment>/", thread_views.my_message_file, name="my_message_file"),
    path(f"{CASE}/rut/", resident_views.my_withdrawal, name="my_withdrawal"),
    path(f"{CASE}/van-ban/<str:code>/", resident_views.my_document, name="my_document"),
    path(f"{CASE}/tep/<uuid:attachment>/", resident_views.my_attachment, name="my_attachment"),
    path("tai-khoan/uy-quyen/", mandate_views.mandates, name="mandates"),
    path("tai-khoan/uy-quyen/moi/", mandate_views.mandate_grant, name="mandate_grant"),
    path("tai-khoan/uy-quyen/<int:pk>/cham-dut/", mandate_views.mandate_end, name="mandate_end"),
    path("tra-cuu/", resident_views.lookup, name="lookup"),
]
