"""The API's door to the catalogue: what the procedure pages publish, read only."""

from django.db.models import QuerySet
from rest_framework import serializers
from rest_framework.pagination import CursorPagination
from rest_framework.permissions import AllowAny
from rest_framework.viewsets import ReadOnlyModelViewSet

from services.catalogue.models import Procedure, Version


class ByCode(CursorPagination):
    """Procedures in the order of their codes."""

    page_size = 50
    ordering = "code"


class ProcedureSerializer(serializers.ModelSerializer[Procedure]):
    """A published procedure in short."""

    name = serializers.CharField(source="current.name")
    domain = serializers.CharField(source="domain.name")
    level = serializers.CharField(source="current.level")
    limit = serializers.CharField(source="current.limit_text")

    class Meta:
        model = Procedure
        fields: tuple[str, ...] = ("code", "name", "domain", "level", "limit")


class VersionSerializer(serializers.ModelSerializer[Version]):
    """The published text of a procedure: everything the law requires to be public."""

    class Meta:
        model = Version
        fields: tuple[str, ...] = (
            "number", "name", "level", "agency_name", "audience", "decision", "limit_value", "limit_unit", "limit_text", "channels",
            "fees", "circumstances", "documents", "form", "steps_text", "conditions", "legal_basis", "result_name", "result_code",
            "published_at",
        )  # fmt: skip


class ProcedureDetailSerializer(ProcedureSerializer):
    """A procedure with its current version."""

    version = VersionSerializer(source="current")

    class Meta(ProcedureSerializer.Meta):
        fields: tuple[str, ...] = (*ProcedureSerializer.Meta.fields, "version")


class ProcedureViewSet(ReadOnlyModelViewSet[Procedure]):
    """Published procedures."""

    permission_classes = (AllowAny,)
    lookup_field = "code"
    lookup_value_regex = r"\d\.\d{6}(\.[A-Z0-9]+)*"
    pagination_class = ByCode
    queryset = Procedure.objects.none()

    def get_queryset(self) -> QuerySet[Procedure]:
        """Everything that has a published version."""
        return Procedure.objects.filter(current__isnull=False).select_related("domain", "current")

    def get_serializer_class(self) -> type[ProcedureSerializer]:
        """The whole version comes with a single procedure only."""
        return ProcedureDetailSerializer if self.action == "retrieve" else ProcedureSerializer
