"""Addresses of notices."""

from django.urls import path

from services.notices import views

urlpatterns = [path("hop-thu-thu-nghiem/", views.development_outbox, name="development_outbox")]
