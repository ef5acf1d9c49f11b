"""Where filing starts: what is needed, at which agency, a new draft or the way back to one."""

from dataclasses import dataclass

from django.contrib import messages
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.utils.translation import gettext as _

from identity.people.access import person_of
from portal.kit import clock
from portal.kit.access import signed_in
from services.cases import actions, queries
from services.cases.checklist import papers
from services.cases.filing_forms import StartForm
from services.catalogue import queries as catalogue
from services.catalogue.models import Procedure, Version
from services.fees import tariff
from services.fees.wording import amount_text, reason_text
from services.forms.definition import Kind, parse

SECONDS_PER_FIELD, SECONDS_PER_GROUP, SECONDS_PER_PAPER = 25, 90, 60
"""A slow reader on a phone; measured pages replace this guess once there are some."""
DRAFTS_SHOWN = 5


@signed_in
def file_start(request: HttpRequest, code: str) -> HttpResponse:
    """What is needed, at which agency, and the start of a draft or the way back to one."""
    person = person_of(request)
    try:
        version = catalogue.version_of(code)
    except Procedure.DoesNotExist:
        raise Http404 from None
    agencies = list(catalogue.agencies_for(version))
    drafts = list(queries.my_drafts(person, version)[:DRAFTS_SHOWN])
    can_file = bool(agencies) and any(channel["channel"] == "online" for channel in version.channels) and not person.is_official
    form = StartForm(
        request.POST if request.method == "POST" else None, version=version, agencies=agencies, address=person.address
    )
    if request.method == "POST" and can_file:
        if drafts and "another" not in request.POST:
            messages.info(request, _("There is a draft of this procedure already. It was opened instead of a second one."))
            return redirect("file_continue", key=drafts[0].key)
        if form.is_valid():
            case = actions.start_draft(person, version, form.agency_chosen, form.circumstance_chosen)
            return redirect("file_continue", key=case.key)
    context = {
        "version": version,
        "procedure": version.procedure,
        "form": form,
        "drafts": drafts,
        "can_file": can_file,
        "needs_choice": bool(form.fields),
        "papers": _papers_by_circumstance(version),
        "limit": _limit_text(version),
        "fees": [
            (line.label, amount_text(line), reason_text(line)) for line in tariff.lines(version.fees, "online", on=clock.today())
        ],
        "minutes": minutes_needed(version),
        "another": "another" in request.POST,
        "only_agency": agencies[0] if len(agencies) == 1 else None,
    }
    return render(request, "filing/start.html", context)


def _limit_text(version: Version) -> str:
    unit = Version.LimitUnit(version.limit_unit)
    return version.limit_text or f"{version.limit_value} {unit.label}"


@dataclass(frozen=True, slots=True)
class PaperGroup:
    """Papers that belong to one circumstance; an empty title: to all of them."""

    title: str
    names: list[tuple[str, bool]]


def _papers_by_circumstance(version: Version) -> list[PaperGroup]:
    """What must be uploaded: first what every circumstance needs, then what each needs besides."""
    uploads = [document for document in version.documents if document.get("electronic", "upload") == "upload"]
    common = [document for document in uploads if not document.get("circumstances")]
    groups = [PaperGroup("", [(document["name"], bool(document.get("required"))) for document in common])]
    for circumstance in version.circumstances:
        own = [document for document in uploads if circumstance["key"] in (document.get("circumstances") or [])]
        groups.append(PaperGroup(circumstance["label"], [(document["name"], bool(document.get("required"))) for document in own]))
    return [group for group in groups if group.names]


def minutes_needed(version: Version) -> int:
    """How long filling in takes, in minutes, rounded up to fives: for the circumstance with the most papers."""
    definition = parse(version.form)
    kinds = [field.kind for field in definition.fields() if field.answers]
    groups = kinds.count(Kind.GROUP)
    keys = [circumstance["key"] for circumstance in version.circumstances] or [""]
    most = max(sum(paper.upload and paper.required for paper in papers(version.documents, key)) for key in keys)
    seconds = (len(kinds) - groups) * SECONDS_PER_FIELD + groups * SECONDS_PER_GROUP + most * SECONDS_PER_PAPER
    return max(5, -(-seconds // 300) * 5)
