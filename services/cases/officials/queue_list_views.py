"""What belongs to a list of work: columns, shortcuts, saved filters, exports."""

from uuid import UUID

from django.contrib import messages
from django.http import FileResponse, Http404, HttpRequest, HttpResponse, HttpResponseBase
from django.shortcuts import redirect, render
from django.urls import reverse
from django.utils.translation import gettext as _

from identity.offices.access import official
from identity.offices.queries import posts_of
from identity.people.access import person_of
from identity.people.models import Person
from portal.kit.refusal import Refused
from services.cases import actions, queries, queue_filters
from services.cases.models import CaseExport, SavedFilter
from services.cases.officials.queue_forms import SavedFilterForm
from services.cases.officials.queue_wording import COLUMNS, EXPORT_FAILED, TABS
from services.cases.queries import desk, queue
from services.cases.queries.exports import KEPT, MOST_ROWS
from services.cases.queue_filters import Filters


def columns_of(person: Person) -> list[str]:
    """The columns of the person's rows, in order."""
    return queue_filters.columns(desk.settings_of(person).columns, several_offices=len(posts_of(person)) > 1)


def _list_address(filters: Filters) -> str:
    query = filters.query()
    return reverse("queue") + (f"?{query}" if query else "")


# Columns and shortcuts


@official
def queue_settings(request: HttpRequest) -> HttpResponse:
    """Which columns a row shows, in which order, and whether single keys do something."""
    person = person_of(request)
    shown = columns_of(person)
    if request.method == "POST":
        return _change(request, person, shown)
    names = [*shown, *(name for name in queue_filters.COLUMNS if name not in shown)]
    context = {
        "columns": [
            {"name": name, "label": COLUMNS[name], "shown": name in shown, "fixed": name == "work", "moves": name in shown}
            for name in names
        ],
        "shortcuts": desk.settings_of(person).shortcuts,
        "is_usual": not desk.settings_of(person).columns,
    }
    return render(request, "casework/queue_settings.html", context)


def _change(request: HttpRequest, person: Person, shown: list[str]) -> HttpResponse:
    if "usual" in request.POST:
        actions.choose_columns(person, [])
    elif "keys" in request.POST:
        actions.set_shortcuts(person, on=request.POST["keys"] == "on")
        messages.success(request, _("Saved."))
    else:
        ticked = request.POST.getlist("column")
        chosen = [name for name in shown if name in ticked or name == "work"]
        chosen += [name for name in ticked if name not in chosen]
        for field, by in (("up", -1), ("down", 1)):
            chosen = queue_filters.moved(chosen, request.POST.get(field, ""), by)
        actions.choose_columns(person, chosen)
        if "up" not in request.POST and "down" not in request.POST:
            messages.success(request, _("Saved."))
    return redirect("queue_settings")


# Saved filters


@official
def filter_save(request: HttpRequest) -> HttpResponse:
    """Keep the filters of the list under a name."""
    person = person_of(request)
    filters = Filters.read(request.POST if request.method == "POST" else request.GET)
    offices = queue.sharing_offices(person)
    form = SavedFilterForm(request.POST if request.method == "POST" else None, offices=offices)
    if request.method == "POST" and form.is_valid():
        office = next((one for one in offices if str(one.pk) == form.cleaned_data.get("office")), None)
        actions.save_filter(person, form.cleaned_data["name"], filters, office)
        messages.success(request, _("The filter was kept."))
        return redirect(_list_address(filters))
    context = {"form": form, "filters": filters, "back": _list_address(filters), "tab": TABS[filters.view]}
    return render(request, "casework/queue_filter.html", context, status=422 if form.errors else 200)


def _saved(person: Person, key: UUID) -> SavedFilter:
    found = next((one for one in queue.saved_filters(person) if one.key == key), None)
    if found is None:
        raise Http404
    return found


@official
def filter_edit(request: HttpRequest, key: UUID) -> HttpResponse:
    """Give a saved filter another name, or remove it."""
    person = person_of(request)
    saved = _saved(person, key)
    if not queue.may_remove(saved, person):
        raise Http404
    back = _list_address(Filters.read(saved.query))
    is_own = saved.owner_id == person.pk
    form = SavedFilterForm(request.POST if "rename" in request.POST else None, name=saved.name)
    if "remove" in request.POST:
        actions.remove_filter(saved.pk, person)
        messages.success(request, _("The filter was removed."))
        return redirect(back)
    if is_own and "rename" in request.POST and form.is_valid():
        try:
            actions.rename_filter(saved.pk, person, form.cleaned_data["name"])
        except Refused as refused:
            form.add_error("name", refused.message)
        else:
            messages.success(request, _("The filter has its new name."))
            return redirect(back)
    context = {"form": form, "saved": saved, "is_own": is_own, "back": back}
    return render(request, "casework/queue_filter_edit.html", context, status=422 if form.errors else 200)


# Exports


@official
def exports(request: HttpRequest) -> HttpResponse:
    """Choose a format for the list, and find again what was made in the last days."""
    person = person_of(request)
    filters = Filters.read(request.POST if request.method == "POST" else request.GET)
    if request.method == "POST":
        kind = request.POST.get("format", "")
        if kind not in CaseExport.Format.values:
            raise Refused("export.format", _("Choose CSV or XLSX."), status=422)
        export = actions.ask_for_export(person, filters, columns_of(person), kind)
        return redirect("export", key=export.key)
    context = {
        "filters": filters,
        "back": _list_address(filters),
        "tab": TABS[filters.view],
        "made": queries.my_exports(person),
        "most": MOST_ROWS,
        "days": KEPT.days,
    }
    return render(request, "casework/queue_exports.html", context)


def _export(request: HttpRequest, key: UUID) -> CaseExport:
    try:
        return queries.my_export(person_of(request), key)
    except CaseExport.DoesNotExist:
        raise Http404 from None


@official
def export(request: HttpRequest, key: UUID) -> HttpResponse:
    """How far an export has come, and its file."""
    one = _export(request, key)
    filters = Filters.read(one.query)
    context = {
        "export": one,
        "back": _list_address(filters),
        "tab": TABS[filters.view],
        "failed": EXPORT_FAILED,
        "kept_until": one.asked_at + KEPT,
    }
    return render(request, "casework/queue_export.html", context)


@official
def export_file(request: HttpRequest, key: UUID) -> HttpResponseBase:
    """The file, for whoever asked for it."""
    one = _export(request, key)
    if one.state != CaseExport.State.READY:
        raise Http404
    answer = FileResponse(one.file.open("rb"), as_attachment=True, filename=f"ho-so-{one.made_at:%Y%m%d-%H%M}.{one.format}")
    answer["Cache-Control"] = "private, no-store"
    return answer
