"""Addresses of filing, of a resident's own cases and of the public look-up."""

from django.urls import path, re_path

from services.cases import filing_papers_views, filing_start_views, filing_views, resident_views

DRAFT = "nop/ho-so/<uuid:key>"
CASE = "ho-so/<str:number>"

urlpatterns = [
    # A code looks like 1.013225, so that /nop/ keeps room for other pages.
    re_path(r"^nop/(?P<code>\d\.\d{6}(?:\.[A-Z0-9]+)*)/$", filing_start_views.file_start, name="file_start"),
    path(f"{DRAFT}/", filing_views.file_continue, name="file_continue"),
    path(f"{DRAFT}/bat-dau/", filing_views.file_choice, name="file_choice"),
    path(f"{DRAFT}/giay-to/", filing_papers_views.file_documents, name="file_documents"),
    path(f"{DRAFT}/giay-to/<uuid:attachment>/go-bo/", filing_papers_views.file_remove, name="file_remove"),
    path(f"{DRAFT}/giay-to/<slug:document>/", filing_papers_views.file_upload, name="file_upload"),
    path(f"{DRAFT}/kiem-tra/", filing_views.file_check, name="file_check"),
    path(f"{DRAFT}/gui/", filing_views.file_submit, name="file_submit"),
    path(f"{DRAFT}/da-nop/", filing_views.file_done, name="file_done"),
    path(f"{DRAFT}/xoa/", filing_views.file_discard, name="file_discard"),
    path(f"{DRAFT}/<slug:page>/", filing_views.file_page, name="file_page"),
    path("ho-so/", resident_views.my_cases, name="my_cases"),
    path(f"{CASE}/", resident_views.my_case, name="my_case"),
    path(f"{CASE}/bo-sung/", resident_views.my_supplement, name="my_supplement"),
    path(f"{CASE}/rut/", resident_views.my_withdrawal, name="my_withdrawal"),
    path(f"{CASE}/van-ban/<str:code>/", resident_views.my_document, name="my_document"),
    path(f"{CASE}/tep/<uuid:attachment>/", resident_views.my_attachment, name="my_attachment"),
    path("tra-cuu/", resident_views.lookup, name="lookup"),
]
