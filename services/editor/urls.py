"""Addresses of the editor for procedures, under /bien-tap/."""

from django.urls import include, path

from services.editor import draft_views, procedure_views, sheet_views, views

PROCEDURE = "thu-tuc/<str:code>"

draft_patterns = [
    path("", draft_views.overview, name="editor_draft"),
    path("thong-tin/", sheet_views.facts, name="editor_facts"),
    path("giay-to/", sheet_views.papers, name="editor_papers"),
    path("le-phi/", sheet_views.fees, name="editor_fees"),
    path("dieu-kien/", sheet_views.eligibility, name="editor_eligibility"),
    path("kiem-tra/", draft_views.check, name="editor_check"),
    path("kiem-tra/de-nghi/", draft_views.propose, name="editor_propose"),
    path("kiem-tra/phe-duyet/", draft_views.approve, name="editor_approve"),
    path("kiem-tra/tra-lai/", draft_views.send_back, name="editor_send_back"),
    path("thay-doi/", draft_views.changes, name="editor_changes"),
    path("xem-truoc/", draft_views.as_seen, name="editor_as_seen"),
    path("xuat/", draft_views.export, name="editor_export"),
    path("can-xem/<int:index>/", draft_views.settle, name="editor_settle"),
    path("hoan-tac/", draft_views.undo, name="editor_undo"),
    path("bo/", draft_views.discard, name="editor_discard"),
    path("mo-lai/", draft_views.reopen, name="editor_reopen"),
    path("", include("services.editor.builder_urls")),
]

urlpatterns = [
    path("", views.drafts, name="editor"),
    path("moi/", views.new, name="editor_new"),
    path("nhap/", views.import_package, name="editor_import"),
    path(f"{PROCEDURE}/", procedure_views.procedure, name="editor_procedure"),
    path(f"{PROCEDURE}/sua/", views.change, name="editor_change"),
    path(f"{PROCEDURE}/cham-dut/", procedure_views.retire, name="editor_retire"),
    path(f"{PROCEDURE}/tiep-tuc/", procedure_views.unretire, name="editor_unretire"),
    path(f"{PROCEDURE}/so-sanh/", procedure_views.choose, name="editor_choose"),
    path(f"{PROCEDURE}/so-sanh/<int:old>/<int:new>/", procedure_views.compare, name="editor_compare"),
    path(f"{PROCEDURE}/<int:number>/xuat/", draft_views.export_version, name="editor_export_version"),
    path("", include("services.editor.trial_urls")),
    path("<uuid:key>/", include(draft_patterns)),
]
