"""What the editor's pages read: drafts and procedures by what is to be done with them, and who may publish."""

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any

from django.db.models import Count, F, IntegerField, Q, QuerySet, TextField, Value
from django.db.models.expressions import Func, RawSQL
from django.db.models.fields.json import KeyTextTransform
from django.db.models.functions import Coalesce

from identity.offices.models import Office, Post
from identity.offices.powers import Power
from identity.people.models import Person
from portal.kit import clock
from portal.kit.folding import fold
from portal.kit.paging import Capped, capped_count
from services.cases.models import OPEN_STATES, Case
from services.catalogue import queries as catalogue
from services.catalogue.models import Domain, Procedure, Version, VersionDraft

COUNTED = 999
"""Tabs count no further."""
UNSEEN = """jsonb_array_length(jsonb_path_query_array("catalogue_versiondraft"."findings", '$[*] ? (!exists(@.settled))'))"""


class Folded(Func):
    """Text without Vietnamese marks in small letters, as `portal.kit.folding.fold` makes it, in the database."""

    template = (
        "lower(regexp_replace(normalize(translate(%(expressions)s, 'Đđ', 'Dd'), NFD), '[\u0300-\u036f]', '', 'g')) COLLATE \"C\""
    )
    output_field = TextField()


def _found(rows: QuerySet[Any], text: str) -> QuerySet[Any]:
    """Rows that have every word of the text in their folded name or code."""
    for word in fold(text).split():
        rows = rows.filter(Q(folded__contains=word) | Q(code__icontains=word))
    return rows


def drafts(state: str, text: str = "", domain: str = "") -> QuerySet[VersionDraft]:
    """Open drafts in a state, with `name`, `folded`, `domain_name` and `unseen`: notes of an import nobody saw to."""
    found = catalogue.open_drafts(state).annotate(
        name=Coalesce(KeyTextTransform("name", "content"), Value("", output_field=TextField())),
        folded=Folded(F("name")),
        domain_name=Coalesce(
            KeyTextTransform("name", KeyTextTransform("domain", "content")), Value("", output_field=TextField())
        ),
        unseen=RawSQL(UNSEEN, (), output_field=IntegerField()),  # noqa: S611
    )
    if domain:
        found = found.filter(content__domain__slug=domain)
    return _found(found, text)


def being_edited(text: str = "", domain: str = "") -> QuerySet[VersionDraft]:
    """Drafts somebody works on."""
    return drafts(VersionDraft.State.EDITING, text, domain).filter(saved_by__isnull=False)


def imported(text: str = "", domain: str = "") -> QuerySet[VersionDraft]:
    """Drafts of an import that nobody has touched yet or that have notes nobody saw to."""
    return drafts(VersionDraft.State.EDITING, text, domain).filter(Q(saved_by__isnull=True) | Q(unseen__gt=0)).exclude(origin={})


def proposed(text: str = "", domain: str = "") -> QuerySet[VersionDraft]:
    """Drafts that wait for a second person."""
    return drafts(VersionDraft.State.PROPOSED, text, domain)


def published(text: str = "", domain: str = "") -> QuerySet[Procedure]:
    """Procedures with a version in force, ended ones too; `draft` is the key of the open draft if there is one."""
    found = (
        Procedure.objects.filter(current__isnull=False)
        .select_related("domain", "current")
        .only("code", "retired_on", "domain__name", "domain__slug", "current__name", "current__number", "current__published_at")
        .annotate(folded=Folded(F("current__name")))
    )
    if domain:
        found = found.filter(domain__slug=domain)
    return _found(found, text)


def open_draft_keys(codes: Sequence[str]) -> dict[str, VersionDraft]:
    """Code -> the open draft of that procedure, without its content."""
    return {draft.code: draft for draft in catalogue.open_drafts().filter(code__in=codes)}


@dataclass(frozen=True, slots=True)
class Counts:
    """How much there is in each tab."""

    being_edited: Capped
    proposed: Capped
    published: Capped
    imported: Capped


def counts(text: str = "", domain: str = "") -> Counts:
    """How much each tab has with these filters."""
    return Counts(
        being_edited=capped_count(being_edited(text, domain), COUNTED),
        proposed=capped_count(proposed(text, domain), COUNTED),
        published=capped_count(published(text, domain), COUNTED),
        imported=capped_count(imported(text, domain), COUNTED),
    )


def all_domains() -> list[Domain]:
    """Every field of law that a procedure had so far."""
    return list(Domain.objects.order_by("position", "name"))


def domain_choices() -> list[tuple[str, str]]:
    """Slug and name of the fields of law of procedures and open drafts, by name."""
    found = dict(Domain.objects.values_list("slug", "name"))
    rows = VersionDraft.objects.filter(state__in=[VersionDraft.State.EDITING, VersionDraft.State.PROPOSED])
    for slug, name in rows.order_by().values_list("content__domain__slug", "content__domain__name").distinct():
        if slug and name:
            found.setdefault(slug, name)
    return sorted(found.items(), key=lambda item: fold(item[1]))


def agency_functions() -> list[tuple[str, str]]:
    """Functions that agencies have, with the names of some that have them."""
    rows = Office.objects.filter(is_active=True).exclude(kind=Office.Kind.UNIT).exclude(function="")
    names: dict[str, list[str]] = {}
    for function, name in rows.order_by("name").values_list("function", "name"):
        names.setdefault(function, []).append(name)
    said = {function: ", ".join(some[:2]) + (", …" if len(some) > 2 else "") for function, some in names.items()}
    return sorted(said.items(), key=lambda item: fold(item[1]))


def editors() -> list[Person]:
    """Everybody who may edit and approve, by name."""
    today = clock.today()
    posts = Post.objects.filter(
        Q(until=None) | Q(until__gte=today),
        since__lte=today,
        office__is_active=True,
        powers__contains=[Power.EDIT_CATALOGUE.value],
    )
    return list(Person.objects.filter(pk__in=posts.values("person"), is_active=True).order_by("full_name", "pk"))


def open_cases(versions: Sequence[Version]) -> dict[int, int]:
    """Version -> how many cases that are under way were filed under it."""
    rows = Case.objects.filter(version__in=versions, state__in=OPEN_STATES).order_by()
    return dict(rows.values_list("version").annotate(count=Count("pk")))


def drafts_of(code: str) -> list[VersionDraft]:
    """Every draft of a procedure, the newest first, without its content."""
    rows = VersionDraft.objects.filter(code=code).select_related("saved_by", "created_by", "version").defer("content", "findings")
    return list(rows.order_by("-pk")[:50])


def procedure(code: str) -> Procedure | None:
    """The procedure with that code, published or not."""
    rows = Procedure.objects.select_related("domain", "current", "replaced_by__current").defer("search")
    return rows.filter(code=code).first()
