"""Addresses of offices."""

from django.urls import path

from identity.offices import views

urlpatterns = [path("vao/", views.home_of_person, name="home_of_person")]
