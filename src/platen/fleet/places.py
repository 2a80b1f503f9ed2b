"""Sites, buildings and floors; the plan of a floor, and where machines stand on it."""

from __future__ import annotations

import io
import warnings

from django.db import IntegrityError, transaction
from django.utils.translation import gettext as _

from platen.eventlog.actor import Actor
from platen.eventlog.changes import record_change
from platen.fleet.errors import InvalidValue, NameTaken
from platen.fleet.models import Machine, Place

PICTURE_OCTETS_MAX = 10_000_000
PIXELS_MAX = 40_000_000
SIDE_MAX = 2_400
DEPTH_MAX = 6
_FORMATS = ("PNG", "JPEG", "GIF", "WEBP", "BMP", "TIFF")


@transaction.atomic
def set_place(
    name: str,
    *,
    by: Actor,
    place: Place | None = None,
    parent: Place | None = None,
    latitude: float | None = None,
    longitude: float | None = None,
) -> Place:
    """A new place, or another shape for one. Raises: InvalidValue, NameTaken."""
    place = place or Place()
    place.name, place.parent, place.latitude, place.longitude = name.strip(), parent, latitude, longitude
    if not place.name or len(place.name) > 120:
        raise InvalidValue(_("A place has a name of 1 to 120 characters."))
    if (latitude is None) != (longitude is None):
        raise InvalidValue(_("Give both latitude and longitude, or neither."))
    if latitude is not None and longitude is not None and not (abs(latitude) <= 90 and abs(longitude) <= 180):
        raise InvalidValue(_("A latitude is -90 to 90, a longitude -180 to 180."))
    _check_parent(place)
    if Place.objects.filter(parent=parent, name=place.name).exclude(pk=place.pk).exists():
        raise NameTaken(_("There is a place named %(name)s already.") % {"name": place.name})
    try:
        with transaction.atomic():
            place.save()
    except IntegrityError as error:
        raise NameTaken(_("There is a place named %(name)s already.") % {"name": place.name}) from error
    record_change(by, "place_set", place.name, f"The place {place.name} was set")
    return place


@transaction.atomic
def remove_place(place: Place, *, by: Actor) -> None:
    """Remove a place and those in it; its machines are nowhere then."""
    record_change(by, "place_removed", place.name, f"The place {place.name} was removed")
    place.delete()


@transaction.atomic
def set_plan(place: Place, octets: bytes, *, by: Actor) -> None:
    """Use a picture as the place's plan: drawn anew, so that nothing but its pixels is kept. Raises: InvalidValue."""
    place.plan_picture, place.plan_width, place.plan_height = _drawn_anew(octets)
    place.save(update_fields=["plan_picture", "plan_width", "plan_height"])
    record_change(by, "plan_set", place.name, f"{place.name} has a new plan")


@transaction.atomic
def remove_plan(place: Place, *, by: Actor) -> None:
    """Take the plan away; where machines stand on it is forgotten."""
    place.plan_picture, place.plan_width, place.plan_height = None, 0, 0
    place.save(update_fields=["plan_picture", "plan_width", "plan_height"])
    Machine.objects.filter(place=place).update(place_x=None, place_y=None)
    record_change(by, "plan_removed", place.name, f"The plan of {place.name} was removed")


@transaction.atomic
def stand_at(machine: Machine, place: Place, x: float | None, y: float | None, *, by: Actor) -> None:
    """Put a machine onto a place's plan: 0 to 1 from the left and from the top; None: off the plan.

    Raises: InvalidValue.
    """
    if (x is None) != (y is None):
        raise InvalidValue(_("Write both places as percent from 0 to 100, or leave both empty."))
    if x is not None and y is not None and not (0 <= x <= 1 and 0 <= y <= 1):
        raise InvalidValue(_("This is outside the plan."))
    machine.place, machine.place_x, machine.place_y = place, x, None if x is None else y
    machine.save(update_fields=["place", "place_x", "place_y"])
    message = f"{machine.device.name} was put onto the plan of {place.name}"
    record_change(by, "machine_placed", machine.device.name, message, device_id=machine.pk)


def _drawn_anew(octets: bytes) -> tuple[bytes, int, int]:
    from PIL import Image, UnidentifiedImageError  # large, and only for a plan

    if len(octets) > PICTURE_OCTETS_MAX:
        raise InvalidValue(_("The picture is larger than 10 MB. Save it smaller."))
    try:
        with warnings.catch_warnings():
            warnings.simplefilter("error", Image.DecompressionBombWarning)
            with Image.open(io.BytesIO(octets), formats=_FORMATS) as picture:
                _check_size(picture.width, picture.height)
                picture.draft("RGB", (SIDE_MAX, SIDE_MAX))
                drawn = picture.convert("RGB")
    except (Image.DecompressionBombError, Image.DecompressionBombWarning) as error:
        raise _too_large() from error
    except InvalidValue:
        raise
    except (UnidentifiedImageError, OSError, ValueError, SyntaxError, EOFError) as error:
        raise InvalidValue(_("This is no picture that can be read. Use PNG or JPEG.")) from error
    drawn.thumbnail((SIDE_MAX, SIDE_MAX))
    kept = io.BytesIO()
    drawn.save(kept, "PNG", optimize=False)
    return kept.getvalue(), drawn.width, drawn.height


def _check_size(width: int, height: int) -> None:
    if width * height > PIXELS_MAX:
        raise _too_large()


def _too_large() -> InvalidValue:
    return InvalidValue(_("The picture has more than 40 million pixels. Save it smaller."))


def _check_parent(place: Place) -> None:
    above, depth = place.parent, 0
    while above is not None:
        depth += 1
        if (place.pk and above.pk == place.pk) or depth > DEPTH_MAX:
            raise InvalidValue(_("A place cannot be inside itself, nor deeper than 6 levels."))
        above = above.parent
