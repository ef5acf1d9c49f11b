"""Looks on the administration site: to read only."""

from django.contrib import admin
from django.http import HttpRequest

from identity.trail.models import Look


class LookAdmin(admin.ModelAdmin):
    """Who opened whose data."""

    list_display = ("at", "viewer", "subject", "what")
    search_fields = ("=subject", "=viewer__username")
    list_select_related = ("viewer",)
    ordering = ("-pk",)
    list_per_page = 50
    show_full_result_count = False

    def has_add_permission(self, request: HttpRequest) -> bool:
        return False

    def has_change_permission(self, request: HttpRequest, obj: Look | None = None) -> bool:
        return False
