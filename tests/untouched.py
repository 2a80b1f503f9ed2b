"""What is stored of everything a tenant owns, before and after somebody tried to reach it."""

from __future__ import annotations

from typing import Any

from django.apps import apps

from platen.tenants.models import Scoped, Tenant

# Kept by looking, by whoever does.
VOLATILE = {"access.ApiToken", "eventlog.Event", "eventlog.AuditEntry"}

Rows = dict[str, dict[Any, tuple[Any, ...]]]


def scoped_models() -> list[type[Scoped]]:
    """Every model whose rows belong to a tenant."""
    return [model for model in apps.get_models() if issubclass(model, Scoped)]


def rows_of(tenant: Tenant) -> Rows:
    """Every row of a tenant, and what each is tied to, by model and key."""
    found: Rows = {}
    for model in scoped_models():
        if model._meta.label in VOLATILE:
            continue
        found[model._meta.label] = {
            row[0]: row[1:] for row in model.everywhere.filter(tenant=tenant).values_list("pk", *_columns(model))
        }
        for field in model._meta.many_to_many:
            links = field.remote_field.through._default_manager.values_list()
            found[f"{model._meta.label}.{field.name}"] = {row[0]: row[1:] for row in links}
    return found


def changed(before: Rows, after: Rows) -> list[str]:
    """What is gone or another than it was. New rows are not looked at."""
    return [
        f"{label} {key}"
        for label, rows in before.items()
        for key, values in rows.items()
        if after[label].get(key) != values
    ]


def added(before: Rows, after: Rows) -> list[str]:
    """What was not there before."""
    return [f"{label} {key}" for label, rows in after.items() for key in rows if key not in before[label]]


def _columns(model: type[Scoped]) -> list[str]:
    return [field.attname for field in model._meta.concrete_fields if not field.primary_key]
