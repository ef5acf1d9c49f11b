"""A procedure for its editors: its versions and drafts, its end."""

from django.contrib import messages
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.utils.translation import gettext as _
from django.views.decorators.http import require_http_methods, require_POST, require_safe

from identity.people.access import person_of
from portal.kit import clock
from portal.kit.refusal import Refused
from services.catalogue import actions
from services.catalogue import queries as catalogue
from services.catalogue.differences import differences
from services.catalogue.models import Procedure
from services.editor import queries
from services.editor.forms import RetireForm
from services.editor.pages import editor, told, version_of


def procedure_of(code: str) -> Procedure:
    """The procedure of the address; else 404."""
    found = queries.procedure(code)
    if found is None:
        raise Http404
    return found


@editor
@require_safe
def procedure(request: HttpRequest, code: str) -> HttpResponse:
    """Versions and drafts of a procedure, and its end."""
    found = queries.procedure(code)
    drafts = queries.drafts_of(code)
    if found is None and not drafts:
        raise Http404
    versions = catalogue.versions_of(code)
    cases = queries.open_cases(versions)
    today = clock.today()
    context = {
        "code": code,
        "procedure": found,
        "name": versions[0].name if versions else "",
        "versions": [
            {
                "version": one,
                "cases": cases.get(one.pk, 0),
                "from": catalogue.first_day(one),
                "in_force": found is not None and one.pk == found.current_id,
                "coming": one.starts_on is not None and one.starts_on > today,
                "before": versions[at + 1].number if at + 1 < len(versions) else None,
            }
            for at, one in enumerate(versions)
        ],
        "plain_versions": versions,
        "drafts": drafts,
        "open_draft": next((one for one in drafts if one.state in ("editing", "proposed")), None),
        "history": catalogue.changes_of_procedure(found) if found else [],
        "ended": found is not None and catalogue.is_retired(found),
    }
    return render(request, "editor/procedure.html", context)


@editor
@require_http_methods(["GET", "HEAD", "POST"])
def retire(request: HttpRequest, code: str) -> HttpResponse:
    """End the procedure on a day, by a decision."""
    found = procedure_of(code)
    form = RetireForm(request.POST or None, procedure=found)
    if request.method == "POST" and form.is_valid():
        given = form.cleaned_data
        try:
            actions.retire(found, person_of(request), given["on"], given["reason"], given["replaced_by"])
        except Refused as refused:
            told(request, refused, form)
        else:
            messages.success(
                request, _("From %(day)s the procedure can no longer be filed.") % {"day": f"{given['on']:%d/%m/%Y}"}
            )
            return redirect("editor_procedure", code=code)
    versions = catalogue.versions_of(code)
    context = {"form": form, "procedure": found, "versions": versions, "cases": sum(queries.open_cases(versions).values())}
    return render(request, "editor/retire.html", context)


@editor
@require_POST
def unretire(request: HttpRequest, code: str) -> HttpResponse:
    """The procedure goes on after all."""
    actions.unretire(procedure_of(code), person_of(request), request.POST.get("ly_do", ""))
    messages.success(request, _("The procedure can be filed again."))
    return redirect("editor_procedure", code=code)


@editor
@require_safe
def compare(request: HttpRequest, code: str, old: int, new: int) -> HttpResponse:
    """What differs between two versions."""
    before, after = version_of(code, old), version_of(code, new)
    context = {
        "code": code,
        "before": before,
        "after": after,
        "versions": catalogue.versions_of(code),
        "changes": differences(catalogue.content_of(before), catalogue.content_of(after)),
    }
    return render(request, "editor/compare.html", context)


@editor
@require_safe
def choose(request: HttpRequest, code: str) -> HttpResponse:
    """Two versions chosen to be compared."""
    numbers = [request.GET.get(name, "") for name in ("tu", "den")]
    if not all(number.isascii() and number.isdigit() and len(number) < 6 for number in numbers):
        raise Http404
    return redirect("editor_compare", code=code, old=int(numbers[0]), new=int(numbers[1]))
