"""The public verification page."""

from datetime import datetime
from typing import Any

import structlog
from allauth.account.adapter import get_adapter
from django.core.cache import cache
from django.http import HttpRequest, HttpResponse, HttpResponseBase
from django.shortcuts import redirect, render
from django.utils.functional import Promise
from django.utils.translation import gettext_lazy as _
from redis.exceptions import RedisError

from portal.kit.access import public
from portal.kit.refusal import Refused
from services.documents import codes, limits, verification
from services.documents.forms import CodeForm, FileForm
from services.documents.models import IssuedDocument
from services.documents.verification import Answer, Verdict

log = structlog.get_logger(__name__)
CODES_PER_MINUTE = 40
FILES_PER_MINUTE = 10
"""Per address: enough for a counter that checks a pile of papers, too few to try out codes."""

TITLES: dict[Answer, str | Promise] = {
    Answer.GENUINE: _("This document is genuine"),
    Answer.PENDING: _("This document is still being issued"),
    Answer.REPLACED: _("This document has been replaced"),
    Answer.REVOKED: _("This document has been revoked"),
    Answer.EARLIER: _("The signatures are valid, but this is not the final file"),
    Answer.CHANGED: _("This file has been changed"),
    Answer.UNKNOWN: _("No such document was issued here"),
}
TEXTS: dict[Answer, str | Promise] = {
    Answer.GENUINE: _("It was issued by the agency below and is in force."),
    Answer.PENDING: _("It was asked for and has not been signed and sealed by everybody. It is not valid yet."),
    Answer.REPLACED: _("It was genuine, but a newer one takes its place. Ask its bearer for the newer one."),
    Answer.REVOKED: _("It was genuine, but the agency has taken it back. It is no longer valid."),
    Answer.EARLIER: _(
        "It was made here, before the document was finished or with something added later. Ask for the file that was issued."
    ),
    Answer.CHANGED: _("It looks like a document issued here, but its content is not what was signed. Do not rely on it."),
    Answer.UNKNOWN: _("Do not rely on it before asking the agency that is named on it."),
}


@public
def verify(request: HttpRequest) -> HttpResponseBase:
    """Type a code (GET) or send a file (POST)."""
    code_form, file_form, verdict = CodeForm(), FileForm(), None
    if request.method == "POST":
        _limit(request, "file", FILES_PER_MINUTE)
        file_form = FileForm(request.POST, request.FILES)
        if limits.too_large(request):
            file_form.refuse_size()
        if file_form.is_valid():
            verdict = verification.of_file(file_form.cleaned_data["tep"].read())
            file_form = FileForm()
    elif "ma" in request.GET:
        code_form = CodeForm(request.GET)
        if code_form.is_valid():
            return redirect("verify_document", code=code_form.cleaned_data["ma"])
    wrong = next((form for form in (code_form, file_form) if form.is_bound and form.errors), None)
    context = _result(verdict) | {"code_form": code_form, "file_form": file_form, "form": wrong}
    return render(request, "documents/verify.html", context)


@public
def verify_document(request: HttpRequest, code: str) -> HttpResponseBase:
    """What stands behind a code: where the QR picture leads."""
    _limit(request, "code", CODES_PER_MINUTE)
    try:
        known = codes.parse(code)
    except codes.NotACode as error:
        form = CodeForm({"ma": code[:200]})
        form.is_valid()
        log.info("code_mistyped", reason=error.code)
        context = _result(None) | {"code_form": form, "file_form": FileForm(), "form": form}
        return render(request, "documents/verify.html", context, status=404)
    if known != code:
        return redirect("verify_document", code=known)
    verdict = verification.of_code(known)
    status = 404 if verdict.answer is Answer.UNKNOWN else 200
    response: HttpResponse = render(
        request, "documents/verified.html", _result(verdict) | {"code": codes.grouped(known)}, status=status
    )
    response.headers["X-Robots-Tag"] = "noindex"
    return response


def _result(verdict: Verdict | None) -> dict[str, Any]:
    if verdict is None:
        return {"verdict": None}
    good = verdict.answer is Answer.GENUINE
    text: str | Promise = TEXTS[verdict.answer]
    if good and verdict.from_file:
        text = _("The file is, byte for byte, the one that was issued by the agency below, and it is in force.")
    return {
        "verdict": verdict,
        "ok": good,
        "result_title": TITLES[verdict.answer],
        "result_text": text,
        "rows": _rows(verdict.document) if verdict.document else [],
        "signatures": _signatures(verdict),
    }


def _rows(document: IssuedDocument) -> list[dict[str, Any]]:
    """What the bearer of the paper sees anyway; nothing about the applicant."""
    rows: list[tuple[str | Promise, Any]] = [
        (_("Document"), document.title),
        (_("Number and symbol"), document.number),
        (_("Date of issue"), f"{document.issued_on:%d/%m/%Y}" if document.issued_on else ""),
        (_("Issuing agency"), document.office.issuing_name or document.office.name),
        (_("Case number"), document.case_number),
        (_("Verification code"), codes.grouped(document.code)),
        (_("Fingerprint of the file (SHA-256)"), document.sha256 if document.state in verification.OF_STATE else ""),
    ]
    return [{"label": label, "text": text} for label, text in rows if text]


def _signatures(verdict: Verdict) -> list[dict[str, Any]]:
    """Who signed, and whether it held: as found in the file just sent, or when the document was issued."""
    if verdict.findings:
        return [
            {
                "name": finding.name,
                "title": finding.title,
                "organisation": finding.organisation if finding.organisation != finding.name else "",
                "signed_at": finding.signed_at,
                "good": finding.good,
            }
            for finding in verdict.findings
        ]
    if verdict.document is None:
        return []
    return [
        {
            "name": entry["name"],
            "title": entry["title"],
            "organisation": entry["organisation"] if entry["organisation"] != entry["name"] else "",
            "signed_at": datetime.fromisoformat(entry["signed_at"]) if entry["signed_at"] else None,
            "good": True,
        }
        for entry in verdict.document.signatures
    ]


def _limit(request: HttpRequest, what: str, most: int) -> None:
    """Refuse the request when its address asked more than `most` times in about a minute."""
    key = f"verification:{what}:{get_adapter().get_client_ip(request)}"
    try:
        cache.add(key, 0, timeout=60)
        asked = cache.incr(key)
    except (RedisError, ValueError):
        # A counter that is down or ran out between the two calls must not close the page.
        return
    if asked > most:
        log.warning("verification_limited", what=what)
        raise Refused(
            "verification.too_many", str(_("Too many checks from this connection. Wait a minute and try again.")), status=429
        )
