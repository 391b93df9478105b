"""All routes. Rooms bring their own lists."""

from django.urls import URLPattern, URLResolver, include, path

from portal import health

urlpatterns: list[URLPattern | URLResolver] = [
    path("healthz", health.alive, name="healthz"),
    path("readyz", health.ready, name="readyz"),
    path("webhooks/", include("transcription.webhooks")),
    path("api/", include("portal.api.urls")),
    path("", include("portal.pages.urls")),
    path("", include("portal.pages.reading.urls")),
]
