"""All addresses."""

from django.urls import URLPattern, URLResolver, include, path

urlpatterns: list[URLPattern | URLResolver] = [
    path("", include("services.api.urls")),
    path("", include("services.web.urls")),
]

handler400 = "services.web.errors.unreadable"
handler403 = "services.web.errors.forbidden"
handler404 = "services.web.errors.not_found"
handler500 = "services.web.errors.broken"
