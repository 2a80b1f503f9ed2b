"""Groups inside groups by their paths: “Site:Library:Floor 1” is three levels (EMC-DGRP-04)."""

from __future__ import annotations

from collections.abc import Iterable
from typing import Any

from django.db import transaction
from django.utils.translation import gettext as _

from platen.eventlog.actor import Actor
from platen.fleet.errors import InvalidValue
from platen.fleet.groups import DEPTH_MAX, set_group
from platen.fleet.models import Group
from platen.fleet.queries_rows import groups_by_name

DELIMITER = ":"


@transaction.atomic
def set_group_at(path: str, *, by: Actor, parent: Group | None = None, **values: Any) -> Group:
    """As `set_group`, and levels above the last that are not there yet are made as well, kept by hand.

    A group whose name has the sign in it keeps it while that name stays. Raises: InvalidValue, NameTaken.
    """
    group: Group | None = values.get("group")
    stays = group is not None and path.strip() == group.name
    *above, name = [path] if stays else (level.strip() for level in path.split(DELIMITER))
    if len(above) >= DEPTH_MAX or (above and not all((*above, name))):
        raise InvalidValue(_("Write the levels of a group as Site:Library:Floor, each with a name."))
    for level in above:
        known = Group.objects.filter(parent=parent, name=level).first()
        parent = known or set_group(level, by=by, parent=parent, regions=values.get("regions", ()))
    return set_group(name, by=by, parent=parent, **values)


def in_tree(groups: Iterable[Group]) -> list[tuple[Group, str]]:
    """Groups with their paths, each after what it is part of. A group above that is not among them begins no path."""
    known = {group.pk: group for group in groups}
    return sorted(((group, _path(group, known)) for group in known.values()), key=lambda each: _order(each[1]))


def groups_by_path() -> dict[str, int]:
    """The keys of all groups by their paths, each after what it is part of."""
    return {path: group.pk for group, path in in_tree(groups_by_name())}


def _path(group: Group, known: dict[int, Group]) -> str:
    names, above = [group.name], known.get(group.parent_id or 0)
    while above is not None and len(names) <= DEPTH_MAX:
        names.append(above.name)
        above = known.get(above.parent_id or 0)
    return DELIMITER.join(reversed(names))


def _order(path: str) -> list[str]:
    return path.casefold().split(DELIMITER)
