"""Addresses of notices."""

from django.urls import path

from services.notices import inbox_views, report_views, template_views, views

TEMPLATES = "can-bo/mau-thong-bao"

urlpatterns = [
    path("hop-thu/", inbox_views.inbox, name="inbox"),
    path("hop-thu/da-doc/", inbox_views.inbox_read, name="inbox_read"),
    path("hop-thu/<int:pk>/", inbox_views.inbox_notice, name="inbox_notice"),
    path("tai-khoan/thong-bao/", inbox_views.preferences, name="notice_preferences"),
    path("tai-khoan/thong-bao/dia-chi/", inbox_views.address_works, name="notice_address"),
    path(f"{TEMPLATES}/", template_views.notice_templates, name="notice_templates"),
    path(f"{TEMPLATES}/<slug:event>/<slug:language>/<slug:channel>/", template_views.notice_template, name="notice_template"),
    path("api/v1/delivery-reports/", report_views.delivery_reports, name="delivery_reports"),
    path("hop-thu-thu-nghiem/", views.development_outbox, name="development_outbox"),
]
