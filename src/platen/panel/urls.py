"""Addresses of the panel. A device is named by its UUID; its name works as well."""

from __future__ import annotations

from django.urls import URLPattern, path

from platen.panel import documents, pins, progress, registering, sign_in, start

app_name = "panel"
urlpatterns: list[URLPattern] = [
    path("", start.pair, name="pair"),
    path("<str:device>/", start.start, name="start"),
    path("<str:device>/arrived", start.arrived, name="arrived"),
    path("<str:device>/language", start.language, name="language"),
    path("<str:device>/card", sign_in.card, name="card"),
    path("<str:device>/code", sign_in.code, name="code"),
    path("<str:device>/password", sign_in.password, name="password"),
    path("<str:device>/pin", sign_in.pin, name="pin"),
    path("<str:device>/sign-out", sign_in.sign_out, name="sign-out"),
    path("<str:device>/register", registering.register, name="register"),
    path("<str:device>/register-with-password", registering.with_password, name="register-with-password"),
    path("<str:device>/new-pin", pins.change, name="new-pin"),
    path("<str:device>/documents", documents.documents, name="documents"),
    path("<str:device>/documents/<int:job_id>", documents.change, name="change"),
    path("<str:device>/documents/<int:job_id>/first-page.png", documents.first_page, name="first-page"),
    path("<str:device>/delete", documents.delete, name="delete"),
    path("<str:device>/print", documents.release, name="print"),
    path("<str:device>/alive", progress.alive, name="alive"),
    path("<str:device>/printing", progress.printing, name="printing"),
    path("<str:device>/progress", progress.fragment, name="progress"),
    path("<str:device>/stop", progress.stop, name="stop"),
    path("<str:device>/done", progress.done, name="done"),
]
