"""The API's door to cases: the same querysets as the pages, read only."""

from typing import Any

from django.db.models import QuerySet
from django.http import Http404
from drf_spectacular.utils import extend_schema
from rest_framework import serializers
from rest_framework.pagination import CursorPagination
from rest_framework.viewsets import ReadOnlyModelViewSet

from identity.people.models import Person
from services.cases import queries
from services.cases.models import Case


class NewestFirst(CursorPagination):
    """Pages that cost the same however deep."""

    page_size = 50
    ordering = "-id"


class CaseSerializer(serializers.ModelSerializer[Case]):
    """A case as its applicant, or an official who handles it, may know it."""

    procedure = serializers.CharField(source="version.procedure.code")
    name = serializers.CharField(source="version.name")
    agency = serializers.CharField(source="agency.code")
    state = serializers.IntegerField(help_text="National code: 1 filed … 10 outcome returned.")

    class Meta:
        model = Case
        fields: tuple[str, ...] = (
            "number",
            "procedure",
            "name",
            "agency",
            "state",
            "filed_at",
            "accepted_at",
            "due_at",
            "paused_at",
            "completed_at",
            "closed_at",
        )


class TimelineSerializer(serializers.Serializer[Any]):
    """One line of a case's timeline."""

    at = serializers.DateTimeField()
    action = serializers.CharField()
    title = serializers.CharField()
    state = serializers.IntegerField(source="state_after")
    step = serializers.CharField(source="step_title")
    office = serializers.CharField(source="office_name")
    note = serializers.CharField()


class CaseDetailSerializer(CaseSerializer):
    """A case with its timeline."""

    timeline = serializers.SerializerMethodField()

    class Meta(CaseSerializer.Meta):
        fields: tuple[str, ...] = (*CaseSerializer.Meta.fields, "timeline")

    @extend_schema(responses=TimelineSerializer(many=True))
    def get_timeline(self, case: Case) -> list[dict[str, Any]]:
        """Residents and officials read the same words as on their page."""
        person = self.context["request"].user
        entries = queries.timeline(case, for_resident=not person.is_official)
        return list(TimelineSerializer(entries, many=True).data)


class CaseViewSet(ReadOnlyModelViewSet[Case]):
    """One's own filed cases; for officials, the cases their offices handle or supervise."""

    lookup_field = "number"
    lookup_value_regex = r"[A-Z0-9.]+-\d{6}-\d{4,8}"
    pagination_class = NewestFirst
    queryset = Case.objects.none()

    def get_queryset(self) -> QuerySet[Case]:
        """The queryset of the person's role."""
        person = self.request.user
        if not isinstance(person, Person):
            raise Http404
        cases = queries.cases_for_official(person) if person.is_official else queries.my_cases(person)
        return cases.exclude(state=Case.State.DRAFT)

    def get_serializer_class(self) -> type[CaseSerializer]:
        """The timeline comes with a single case only."""
        return CaseDetailSerializer if self.action == "retrieve" else CaseSerializer
