from django.urls import path

from services.forms import views

urlpatterns = [
    path("nop/phuong-xa/", views.wards, name="wards"),
    path("nop/phuong-xa/ten/", views.ward_names, name="ward_names"),
    path("bieu-mau/dinh-nghia.schema.json", views.definition_schema, name="form_definition_schema"),
]
