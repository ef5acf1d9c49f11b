from django.urls import path

from services.documents import store_views, views

urlpatterns = [
    path("kiem-chung/", views.verify, name="verify"),
    path("kiem-chung/<str:code>/", views.verify_document, name="verify_document"),
    path("giay-to/", store_views.papers, name="papers"),
    path("giay-to/<uuid:key>/tep/", store_views.paper_file, name="paper_file"),
    path("giay-to/<uuid:key>/doi-ten/", store_views.paper_rename, name="paper_rename"),
    path("giay-to/<uuid:key>/go-bo/", store_views.paper_remove, name="paper_remove"),
]
