"""Addresses of the form, route and outcome of a draft."""

from django.urls import path

from services.editor import form_preview, form_views, outcome_views, route_views

urlpatterns = [
    path("bieu-mau/", form_views.form, name="editor_form"),
    path("bieu-mau/xem-truoc/<int:index>/", form_preview.preview, name="editor_form_preview"),
    path("quy-trinh/", route_views.route, name="editor_route"),
    path("ket-qua/", outcome_views.outcome, name="editor_outcome"),
]
