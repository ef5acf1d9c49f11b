"""Address of the supervisors' page."""

from django.urls import path

from services.reports import views

urlpatterns = [path("giam-sat/", views.supervision, name="supervision")]
