"""The API: one router under /api/v1/, described in OpenAPI."""

from django.urls import URLPattern, include, path
from drf_spectacular.views import SpectacularAPIView
from rest_framework.permissions import AllowAny
from rest_framework.routers import SimpleRouter

from portal.kit.access import PUBLIC, SIGNED_IN, declare
from services.cases.api import CaseViewSet
from services.catalogue.api import ProcedureViewSet

router = SimpleRouter()
router.register("procedures", ProcedureViewSet, basename="api-procedure")
router.register("cases", CaseViewSet, basename="api-case")

for pattern in router.urls:
    if isinstance(pattern, URLPattern):
        declare(PUBLIC if "procedure" in str(pattern.name) else SIGNED_IN, pattern.callback)

urlpatterns = [
    path("schema/", declare(PUBLIC, SpectacularAPIView.as_view(permission_classes=[AllowAny])), name="api-schema"),
    path("", include(router.urls)),
]
