"""Addresses of the cases app: filing, the resident's cases, casework."""

from services.cases.officials.urls import urlpatterns as casework
from services.cases.resident_urls import urlpatterns as resident

urlpatterns = [*resident, *casework]
