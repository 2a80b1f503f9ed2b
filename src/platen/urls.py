"""Where the web parts of a node are found."""

from __future__ import annotations

from django.urls import include, path
from django.views.generic import RedirectView

urlpatterns = [
    path("", RedirectView.as_view(pattern_name="console:overview")),
    path("console/", include("platen.console.urls")),
    path("panel/", include("platen.panel.urls")),
    path("api/v1/", include("platen.api.urls")),
]
handler500 = "platen.console.failures.server_error"
