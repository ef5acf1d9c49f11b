"""Every address of the portal; each app lists its own."""

from django.urls import URLPattern, URLResolver, include, path

from identity.offices.admin import site
from portal.kit import views as kit

urlpatterns: list[URLPattern | URLResolver] = [
    path("", include("services.catalogue.urls")),
    path("", include("services.forms.urls")),
    path("", include("services.cases.urls")),
    path("", include("services.documents.urls")),
    path("", include("services.reports.urls")),
    path("bien-tap/", include("services.editor.urls")),
    path("", include("services.notices.urls")),
    path("", include("identity.people.urls")),
    path("", include("identity.offices.urls")),
    path("api/v1/", include("portal.api")),
    path("quan-tri/", site.urls),
    path("trang-thai/", kit.health, name="health"),
]
