"""Addresses for testing the middleware without any app."""

from typing import Any

from django import forms
from django.contrib import messages
from django.core.exceptions import PermissionDenied
from django.http import HttpRequest, HttpResponse, HttpResponseBase
from django.shortcuts import render
from django.urls import include, path
from rest_framework import serializers
from rest_framework.permissions import AllowAny
from rest_framework.request import Request
from rest_framework.response import Response
from rest_framework.views import APIView

from portal.kit.access import framed, public
from portal.kit.refusal import Refused

TAKEN = "Việc này đã có người nhận."


@public
def fine(request: HttpRequest) -> HttpResponse:
    return HttpResponse("fine")


@public
def page(request: HttpRequest) -> HttpResponse:
    return render(request, "404.html")


@public
def download(request: HttpRequest) -> HttpResponse:
    headers = {"Content-Disposition": "attachment; filename=tep.txt"}
    return HttpResponse("tệp " * 500, content_type="text/plain", headers=headers)


@public
def refusing(request: HttpRequest) -> HttpResponse:
    raise Refused("taken", TAKEN, field="item")


@public
def failing(request: HttpRequest) -> HttpResponse:
    raise RuntimeError("secret detail")


@public
def said(request: HttpRequest) -> HttpResponse:
    return HttpResponse(" ".join(str(message) for message in messages.get_messages(request)))


def silent(request: HttpRequest) -> HttpResponse:
    return HttpResponse("nobody said who may open this")


@framed
@public
def file(request: HttpRequest) -> HttpResponse:
    return HttpResponse("file")


class Row(serializers.Serializer[Any]):
    count = serializers.IntegerField(min_value=1)


class Sent(serializers.Serializer[Any]):
    name = serializers.CharField()
    rows = Row(many=True)


class Api(APIView):
    permission_classes = (AllowAny,)
    authentication_classes = ()

    def get(self, request: Request, what: str) -> Response:
        match what:
            case "refused":
                raise Refused("taken", TAKEN, field="item")
            case "forbidden":
                raise PermissionDenied
            case "broken":
                raise RuntimeError("secret detail")
        return Response({})

    def post(self, request: Request, what: str) -> Response:
        Sent(data=request.data).is_valid(raise_exception=True)
        return Response({})


def api(request: HttpRequest, **kwargs: Any) -> HttpResponseBase:
    return Api.as_view()(request, **kwargs)


class Errors(forms.Form):
    name = forms.CharField()


urlpatterns = [
    path("fine/", fine, name="fine"),
    path("page/", page, name="page"),
    path("download/", download),
    path("refusing/", refusing, name="refusing"),
    path("failing/", failing, name="failing"),
    path("said/", said, name="said"),
    path("silent/", silent, name="silent"),
    path("listed/", silent, name="listed"),
    path("file/", file, name="file"),
    path("api/plain/refused/", refusing, name="api_plain"),
    path("api/plain/failing/", failing, name="api_failing"),
    path("api/<slug:what>/", public(api), name="api"),
    path("i18n/", include("django.conf.urls.i18n")),
]
