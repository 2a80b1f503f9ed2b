"""Groups and regions by the names that people type."""

from __future__ import annotations

from platen.cli.refusal import Refusal


def group_key(name: str) -> int:
    """The key of a group, by its name or its path; 0 where none is asked for. Raises: Refusal."""
    from platen.fleet.group_paths import groups_by_path
    from platen.fleet.models import Group

    return groups_by_path().get(name) or _named(Group, name)


def region_key(name: str) -> int:
    """The key of a region; 0 where none is asked for. Raises: Refusal."""
    from platen.fleet.models import Region

    return _named(Region, name)


def _named(model: type, name: str) -> int:
    if not name:
        return 0
    found = list(model.objects.filter(name=name).values_list("pk", flat=True)[:2])  # type: ignore[attr-defined]  # of Django
    if len(found) != 1:
        what = model.__name__.lower()
        raise Refusal(
            f"There is no {what} {name}."
            if not found
            else f"{name} are several. Write one by its path, as Site:Library:Floor 1."
        )
    return int(found[0])
