from django.urls import path

from services.forms import views

urlpatterns = [path("nop/phuong-xa/", views.wards, name="wards")]
