"""The tus protocol, version 1.0.0 (creation, termination, expiration): what its headers say, and how it is answered.

Who may upload what is decided by the app that mounts it. Nothing here reads a body whole.
"""

import base64
import binascii
import re
from collections.abc import Mapping
from dataclasses import dataclass
from datetime import timedelta

from django.conf import settings
from django.http import HttpRequest, HttpResponse, JsonResponse
from django.utils.http import http_date
from django.utils.translation import gettext as _

from portal.kit.refusal import Refused
from services.documents import uploads
from services.documents.models import Upload

VERSION = "1.0.0"
EXTENSIONS = "creation,termination,expiration"
PIECE_TYPE = "application/offset+octet-stream"
NUMBER = re.compile(r"[0-9]{1,18}")
MARK = re.compile(r"[0-9a-f]{1,64}")


@dataclass(frozen=True)
class Announced:
    """What a browser says about a file before it sends it: its name, bytes, and the mark it will know it again by."""

    name: str
    size: int
    mark: str


def options() -> HttpResponse:
    """What this server can do."""
    return _with_headers(
        HttpResponse(status=204),
        {"Tus-Version": VERSION, "Tus-Extension": EXTENSIONS, "Tus-Max-Size": str(settings.UPLOAD_MAX_BYTES)},
    )


def announced(request: HttpRequest) -> Announced:
    """What a creation announces. Refused when it says no size: a file without one is not begun."""
    _check_version(request)
    length = request.headers.get("Upload-Length", "")
    if not NUMBER.fullmatch(length):
        raise Refused("upload.no_length", _("The size of the file was not announced."), status=411)
    facts = _metadata(request.headers.get("Upload-Metadata", ""))
    mark = facts.get("mark", "")
    return Announced(facts.get("filename", ""), int(length), mark if MARK.fullmatch(mark) else "")


def _metadata(header: str) -> dict[str, str]:
    found = {}
    for pair in filter(None, (part.strip() for part in header.split(","))):
        key, _space, value = pair.partition(" ")
        try:
            found[key] = base64.b64decode(value, validate=True).decode()
        except (binascii.Error, UnicodeDecodeError) as error:
            raise Refused(
                "upload.metadata", _("The name of the file cannot be read. Rename it and choose it again."), status=422
            ) from error
    return found


def created(upload: Upload, location: str) -> HttpResponse:
    """Where the pieces are to be sent."""
    return _with_headers(HttpResponse(status=201), {"Location": location, "Upload-Expires": _expires(upload)})


def standing(request: HttpRequest, upload: Upload) -> HttpResponse:
    """How much has come."""
    _check_version(request)
    if upload.refused:
        return _with_headers(HttpResponse(status=410), {})
    headers = {
        "Upload-Offset": str(uploads.received(upload)),
        "Upload-Length": str(upload.size),
        "Upload-Expires": _expires(upload),
    }
    return _with_headers(HttpResponse(status=200), headers)


def piece(request: HttpRequest, upload: Upload) -> HttpResponse:
    """Take the next piece. Its length must be announced: without, the server would read until the sender stops."""
    _check_version(request)
    if request.content_type != PIECE_TYPE:
        raise Refused("upload.piece_type", _("The file was sent in a way that is not understood here."), status=415)
    length, offset = request.META.get("CONTENT_LENGTH") or "", request.headers.get("Upload-Offset", "")
    if not NUMBER.fullmatch(length):
        raise Refused("upload.no_length", _("The size of the file was not announced."), status=411)
    if not NUMBER.fullmatch(offset):
        raise Refused("upload.offset", _("Another part of this file has arrived in the meantime."), status=409)
    now = uploads.append(upload, int(offset), request, int(length))
    return _with_headers(HttpResponse(status=204), {"Upload-Offset": str(now), "Upload-Expires": _expires(upload)})


def ended() -> HttpResponse:
    """The upload was given up."""
    return _with_headers(HttpResponse(status=204), {})


def refused(reason: Refused) -> HttpResponse:
    """A refusal as a script reads it."""
    return _with_headers(JsonResponse({"code": reason.code, "message": reason.message}, status=reason.status), {})


def _check_version(request: HttpRequest) -> None:
    if request.headers.get("Tus-Resumable") != VERSION:
        raise Refused("upload.version", _("The file was sent in a way that is not understood here."), status=412)


def _expires(upload: Upload) -> str:
    return http_date((upload.touched_at + timedelta(seconds=settings.UPLOAD_EXPIRES_SECONDS)).timestamp())


def _with_headers(response: HttpResponse, headers: Mapping[str, str]) -> HttpResponse:
    for name, value in {"Tus-Resumable": VERSION, "Cache-Control": "no-store", **headers}.items():
        response.headers[name] = value
    return response
