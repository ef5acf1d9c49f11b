"""Addresses of trial runs of a draft, and of moving open cases to another version."""

from django.urls import path

from services.editor import move_views, trial_views

MOVE = "thu-tuc/<str:code>/chuyen-ho-so"
TRIAL = "<uuid:key>/chay-thu"

urlpatterns = [
    path(f"{MOVE}/", move_views.move, name="editor_move"),
    path(f"{MOVE}/<uuid:key>/", move_views.move_state, name="editor_move_state"),
    path(f"{TRIAL}/", trial_views.trial, name="editor_trial"),
    path(f"{TRIAL}/<uuid:run>/", trial_views.trial_report, name="editor_trial_report"),
]
