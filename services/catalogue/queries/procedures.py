"""One published procedure: its version, and where it is filed."""

from collections.abc import Collection

from django.db.models import Exists, OuterRef, Q, QuerySet

from identity.offices.models import Office
from services.catalogue.models import Procedure, Turnaround, Version


def procedure(code: str) -> Procedure:
    """A published procedure with its current version, ended or not. Raises Procedure.DoesNotExist."""
    related = ("domain", "current", "turnaround", "replaced_by__current")
    return Procedure.objects.filter(current__isnull=False).select_related(*related).defer("search").get(code=code)


def names_of(codes: Collection[str]) -> dict[str, str]:
    """Names by code of those among the codes under which something is published. One query."""
    published = Procedure.objects.filter(code__in=codes, current__isnull=False)
    return dict(published.values_list("code", "current__name")) if codes else {}


def version_of(code: str) -> Version:
    """The version of a procedure one files under now. Raises Procedure.DoesNotExist."""
    found = procedure(code)
    version = found.current
    if version is None:
        raise Procedure.DoesNotExist
    # Already read: nobody asks for it again.
    version.procedure = found
    return version


def agencies_for(version: Version) -> QuerySet[Office]:
    """The agencies one may file with, by name: those with the version's function, else every ward that has a one-stop centre."""
    active = Office.objects.filter(is_active=True).select_related("parent")
    if version.agency_function:
        return active.filter(function=version.agency_function).exclude(kind=Office.Kind.UNIT).order_by("name", "id")
    desks = Office.objects.filter(parent=OuterRef("pk"), function="one-stop", is_active=True)
    return active.filter(Exists(desks), kind=Office.Kind.WARD).order_by("name", "id")


def receiving_offices(version: Version, most: int = 200) -> list[Office]:
    """Where one may bring the papers: the office of the first step at each agency, with its agency, by name. At most `most`."""
    ref = version.route[0]["office"]
    offices = Office.objects.filter(is_active=True).select_related("parent")
    if "code" in ref:
        return list(offices.filter(code=ref["code"]))
    if "answer_code" in ref:
        return list(offices.filter(code__in=_choices(version, ref["answer_code"])).order_by("name", "id")[:most])
    agencies = agencies_for(version)
    if "answer" in ref:
        agencies = Office.objects.filter(kind=Office.Kind.WARD, is_active=True)
    within = Q(parent__in=agencies) | Q(pk__in=agencies)
    return list(offices.filter(within, function=ref["function"]).order_by("parent__name", "name", "id")[:most])


def _choices(version: Version, key: str) -> list[str]:
    """The values of a choice field: codes of offices."""
    fields = [field for page in version.form["pages"] for field in page["fields"] if field["key"] == key]
    return [choice["value"] for field in fields for choice in field.get("choices", [])]


def turnaround(procedure: Procedure) -> Turnaround | None:
    """How long recent cases took, as a worker last measured it; None while there are too few."""
    try:
        return procedure.turnaround
    except Turnaround.DoesNotExist:
        return None
