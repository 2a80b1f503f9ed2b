"""Whether values fit the fields they are meant for, as one sentence for a person."""

from __future__ import annotations

from collections.abc import Iterable

from django.core.exceptions import ValidationError
from django.db import models


def misfit(instance: models.Model, changed: Iterable[str]) -> str | None:
    """What is wrong with the named fields of an unsaved change: too long, no such choice, no e-mail address, …"""
    names = set(changed)
    others = {field.name for field in instance._meta.fields if field.name not in names}
    for name in sorted(names):
        if "\0" in str(getattr(instance, name, "")):  # which PostgreSQL does not store
            return f"{name.replace('_', ' ')}: a character of it cannot be kept. Write it anew."
    try:
        instance.clean_fields(exclude=others)
    except ValidationError as error:
        wrong = error.message_dict
        return " ".join(f"{name.replace('_', ' ')}: {' '.join(texts)}" for name, texts in sorted(wrong.items()))
    return None
