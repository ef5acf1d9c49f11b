from django.urls import path

from services.documents import views

urlpatterns = [
    path("kiem-chung/", views.verify, name="verify"),
    path("kiem-chung/<str:code>/", views.verify_document, name="verify_document"),
]
