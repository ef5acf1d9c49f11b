"""How much a request may send. Enforced before anything is read, and while files are read, so that nobody fills memory or disk."""

from collections.abc import Callable
from typing import Any

import structlog
from django.conf import settings
from django.core.files.uploadhandler import FileUploadHandler, SkipFile
from django.http import HttpRequest, HttpResponseBase
from django.shortcuts import render
from django.template.defaultfilters import filesizeformat
from django.utils.translation import gettext as _

from portal.kit.refusal import Refused
from services.documents import tus

Answer = Callable[[HttpRequest], HttpResponseBase]

FILES_AT_ONCE = 8
"""Files of the largest size in one form. With scripts each file has requests of its own."""
TOO_LARGE = "documents.files_too_large"

log = structlog.get_logger(__name__)


class BodyLimitMiddleware:
    """Refuses a request that announces more than a form with files may hold, or a body and no size of it, and reads none of it."""

    def __init__(self, get_response: Answer) -> None:
        self.get_response = get_response

    def __call__(self, request: HttpRequest) -> HttpResponseBase:
        most = settings.UPLOAD_MAX_BYTES * FILES_AT_ONCE + settings.DATA_UPLOAD_MAX_MEMORY_SIZE
        length = request.META.get("CONTENT_LENGTH") or ""
        if length.isdigit() and int(length) > most:
            limit = filesizeformat(settings.UPLOAD_MAX_BYTES)
            message = _("This is more than can be sent at once. Each file may have up to %(limit)s; send fewer files together.")
            return self._refuse(request, Refused("request.too_large", message % {"limit": limit}, status=413))
        if not length and request.META.get("HTTP_TRANSFER_ENCODING"):
            return self._refuse(request, Refused("upload.no_length", _("The size of the file was not announced."), status=411))
        return self.get_response(request)

    def _refuse(self, request: HttpRequest, reason: Refused) -> HttpResponseBase:
        log.info("refused", code=reason.code, status=reason.status)
        if "Tus-Resumable" in request.headers or request.headers.get("Accept", "").startswith("application/json"):
            return tus.refused(reason)
        return render(request, "refused.html", {"message": reason.message}, status=reason.status)


class FileLimitHandler(FileUploadHandler):
    """Stops keeping a file of a form once it is larger than any may be. `too_large` tells which, so that the reason can be given."""

    chunk_size = 64 * 1024

    def new_file(self, *args: Any, **kwargs: Any) -> None:
        """Count anew."""
        super().new_file(*args, **kwargs)
        self.come = 0

    def receive_data_chunk(self, raw_data: bytes, start: int) -> bytes | None:
        """Pass the bytes on to the handler that keeps them, up to the limit."""
        self.come += len(raw_data)
        if self.come > settings.UPLOAD_MAX_BYTES + self.chunk_size:
            assert self.request is not None
            self.request.META[TOO_LARGE] = [*too_large(self.request), self.file_name or ""]
            raise SkipFile
        return raw_data

    def file_complete(self, file_size: int) -> None:
        """The next handler makes the file."""


def too_large(request: HttpRequest) -> list[str]:
    """Names of the files of a form that were not kept because they are too large."""
    names: list[str] = request.META.get(TOO_LARGE, [])
    return names
