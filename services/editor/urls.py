"""Addresses of the editor for procedures, under /bien-tap/."""

from django.urls import URLPattern

urlpatterns: list[URLPattern] = []
