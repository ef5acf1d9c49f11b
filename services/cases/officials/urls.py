"""Addresses of the officials' pages."""

from django.urls import path

from services.cases import application_form_views
from services.cases.officials import case_views as views
from services.cases.officials import queue_views

CASE = "can-bo/ho-so/<str:number>"
WORK = "can-bo/viec/<int:pk>"

urlpatterns = [
    path("can-bo/", queue_views.queue, name="queue"),
    path("can-bo/tim/", queue_views.casework_find, name="casework_find"),
    path("can-bo/tiep-theo/", queue_views.work_next, name="work_next"),
    path(f"{CASE}/", views.casework, name="casework"),
    path(f"{CASE}/to-khai/", application_form_views.casework_form, name="casework_form"),
    path(f"{CASE}/tep/<uuid:attachment>/", views.casework_attachment, name="casework_attachment"),
    path(f"{CASE}/van-ban/<str:code>/", views.casework_document, name="casework_document"),
    path(f"{WORK}/nhan/", views.work_claim, name="work_claim"),
    path(f"{WORK}/tra/", views.work_release, name="work_release"),
    path(f"{WORK}/<slug:action>/", views.work_act, name="work_act"),
]
