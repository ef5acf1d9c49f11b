"""Addresses of account pages. Names that begin with account_ are allauth's: it looks them up."""

from django.urls import path

from identity.people import views

urlpatterns = [
    path("tai-khoan/dang-nhap/", views.login, name="account_login"),
    path("tai-khoan/dang-ky/", views.signup, name="account_signup"),
    path("tai-khoan/dang-xuat/", views.logout, name="account_logout"),
    path("tai-khoan/da-khoa/", views.inactive, name="account_inactive"),
    path("tai-khoan/xac-nhan/", views.verify_contact, name="account_verify_phone"),
    path("tai-khoan/lien-he/", views.change_contact, name="account_change_phone"),
    path("tai-khoan/mat-khau/", views.change_password, name="account_change_password"),
    path("tai-khoan/quen-mat-khau/", views.reset_password, name="account_reset_password"),
    path("tai-khoan/quen-mat-khau/ma/", views.confirm_reset_code, name="account_confirm_password_reset_code"),
    path("tai-khoan/quen-mat-khau/mat-khau-moi/", views.complete_reset, name="account_complete_password_reset"),
    path("tai-khoan/quen-mat-khau/xong/", views.reset_completed, name="account_password_reset_completed"),
    path("tai-khoan/ho-so-ca-nhan/", views.profile, name="profile"),
    path("tai-khoan/ngon-ngu/", views.set_language, name="set_language"),
]
