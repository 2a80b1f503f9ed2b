"""Addresses of the REST API.

Its parts are loaded with the first request: they need half a second, and a node is to take jobs before that.
"""

from __future__ import annotations

from django.http import HttpRequest, HttpResponseBase
from django.urls import re_path
from django.utils.cache import add_never_cache_headers
from django.views.decorators.csrf import csrf_exempt

app_name = "api"


# No form token: a request is believed by its bearer token alone, which no browser sends by itself, never by a cookie.
@csrf_exempt
def serve(request: HttpRequest, path: str) -> HttpResponseBase:
    """Hand the request to the resource that its path names."""
    from platen.api.routes import dispatch

    response = dispatch(request, path)
    add_never_cache_headers(response)  # answers are for one token's person
    return response


urlpatterns = [re_path(r"^(?P<path>.*)$", serve, name="root")]
