"""Job template attributes: what a client asks for, checked against what a Printer supports (RFC 8011 section 5.2).

One table says for each attribute which syntaxes it may have and which values are supported; Get-Printer-Attributes
and the check of a request read the same lists.
"""

from __future__ import annotations

from collections.abc import Callable, Iterable
from dataclasses import dataclass

from platen.protocols.ipp.description import PrinterDescription
from platen.protocols.ipp.media import MEDIA_COL_MEMBERS, find_size, size_of
from platen.protocols.ipp.tags import ValueTag
from platen.protocols.ipp.values import Attribute, Collection, IntRange, OutOfBand, Value

NO_HOLD = "no-hold"
JOB_HOLD_UNTIL = (NO_HOLD, "indefinite")
JOB_SHEETS = ("none",)
MULTIPLE_DOCUMENT_HANDLING = ("separate-documents-collated-copies", "separate-documents-uncollated-copies")
ORIENTATIONS = (3, 4, 5, 6)
PRINT_CONTENT_OPTIMIZE = ("auto", "graphic", "photo", "text", "text-and-graphic")
PRINT_QUALITIES = (3, 4, 5)
PRINT_RENDERING_INTENTS = ("auto", "perceptual", "relative", "relative-bpc", "saturation")
PRINT_SCALING = ("auto", "auto-fit", "fill", "fit", "none")

Check = Callable[[Value, PrinterDescription], bool]

_KEYWORD = frozenset({ValueTag.KEYWORD})
_KEYWORD_OR_NAME = frozenset({ValueTag.KEYWORD, ValueTag.NAME, ValueTag.NAME_WITH_LANGUAGE})
_INTEGER = frozenset({ValueTag.INTEGER})
_ENUM = frozenset({ValueTag.ENUM})
_COLLECTION = frozenset({ValueTag.BEGIN_COLLECTION})


@dataclass(frozen=True, slots=True)
class Rule:
    """What a job template attribute may be: tags, how many values, and which."""

    tags: frozenset[ValueTag]
    is_supported: Check
    many: bool = False


def _one_of(choices: Iterable[Value]) -> Check:
    supported = frozenset(choices)
    return lambda value, _: value in supported


def _between(lower: int, upper: int) -> Check:
    return lambda value, _: value in IntRange(lower, upper)


def _is_page_range(value: Value, _: PrinterDescription) -> bool:
    return isinstance(value, IntRange) and 1 <= value.lower <= value.upper


def _is_medium(value: Value, d: PrinterDescription) -> bool:
    if not isinstance(value, str):
        return False
    if any(value == size.name for size in d.media):
        return True
    size = find_size(value)
    return size is not None and _is_size(size.x_dimension, size.y_dimension, d)


def _is_size(x: int, y: int, d: PrinterDescription) -> bool:
    if any(size.is_close_to(x, y) for size in d.media):
        return True
    smallest, largest = (find_size(name) for name in d.media_custom or ("", ""))
    if smallest is None or largest is None:
        return False
    return smallest.x_dimension <= x <= largest.x_dimension and smallest.y_dimension <= y <= largest.y_dimension


def _any(_: Value, __: PrinterDescription) -> bool:
    return True


RULES: dict[str, Rule] = {
    "copies": Rule(_INTEGER, lambda value, d: value in IntRange(1, d.copies_max)),
    "finishings": Rule(_ENUM, lambda value, d: value in d.finishings, many=True),
    "job-account-id": Rule(_KEYWORD_OR_NAME, _any),
    "job-accounting-user-id": Rule(_KEYWORD_OR_NAME, _any),
    "job-hold-until": Rule(_KEYWORD_OR_NAME, _one_of(JOB_HOLD_UNTIL)),
    "job-priority": Rule(_INTEGER, _between(1, 100)),
    "job-sheets": Rule(_KEYWORD_OR_NAME, _one_of(JOB_SHEETS)),
    "media": Rule(_KEYWORD_OR_NAME, _is_medium),
    "media-col": Rule(_COLLECTION, _any),  # member by member, see _check_media_col
    "multiple-document-handling": Rule(_KEYWORD, _one_of(MULTIPLE_DOCUMENT_HANDLING)),
    "number-up": Rule(_INTEGER, lambda value, d: value in d.number_up),
    "orientation-requested": Rule(_ENUM, _one_of(ORIENTATIONS)),
    "output-bin": Rule(_KEYWORD_OR_NAME, lambda value, d: value in d.output_bins),
    "overrides": Rule(_COLLECTION, _any, many=True),
    "page-ranges": Rule(frozenset({ValueTag.RANGE_OF_INTEGER}), _is_page_range, many=True),
    "print-color-mode": Rule(_KEYWORD, lambda value, d: value in d.print_color_modes),
    "print-content-optimize": Rule(_KEYWORD, _one_of(PRINT_CONTENT_OPTIMIZE)),
    "print-quality": Rule(_ENUM, _one_of(PRINT_QUALITIES)),
    "print-rendering-intent": Rule(_KEYWORD, _one_of(PRINT_RENDERING_INTENTS)),
    "print-scaling": Rule(_KEYWORD, _one_of(PRINT_SCALING)),
    "printer-resolution": Rule(frozenset({ValueTag.RESOLUTION}), lambda value, d: value in d.resolutions),
    "sides": Rule(_KEYWORD, lambda value, d: value in d.sides),
}

JOB_CREATION_ATTRIBUTES = (
    *RULES,
    "document-format",
    "document-name",
    "ipp-attribute-fidelity",
    "job-mandatory-attributes",
    "job-name",
    "job-password",
    "job-password-encryption",
)
"""job-creation-attributes-supported (PWG 5100.11)."""


@dataclass(frozen=True, slots=True)
class Checked:
    """What a Printer does with job template attributes, and what goes into the unsupported-attributes group."""

    accepted: tuple[Attribute, ...]
    unsupported: tuple[Attribute, ...]


def check_job_template(attributes: Iterable[Attribute], description: PrinterDescription) -> Checked:
    """Sort the attributes of a request into supported and not (RFC 8011 section 4.1.7).

    Of an attribute with several values the supported ones are accepted. An attribute that the Printer does not know
    is returned with the out-of-band value `unsupported`, a value it does not support as it came.
    """
    accepted: list[Attribute] = []
    unsupported: list[Attribute] = []
    for attribute in attributes:
        good, bad = _check(attribute, description)
        if good is not None:
            accepted.append(good)
        if bad is not None:
            unsupported.append(bad)
    return Checked(tuple(accepted), tuple(unsupported))


def _check(attribute: Attribute, d: PrinterDescription) -> tuple[Attribute | None, Attribute | None]:
    """(the supported part, the unsupported part) of one attribute."""
    rule = RULES.get(attribute.name)
    if rule is None:
        return None, Attribute(attribute.name, (ValueTag.UNSUPPORTED,), (OutOfBand.UNSUPPORTED,))
    if len(attribute.values) == 1 and attribute.name != "media-col":  # nearly all of them
        fits_whole = attribute.tags[0] in rule.tags and rule.is_supported(attribute.values[0], d)
        return (attribute, None) if fits_whole else (None, attribute)
    if len(attribute.values) > 1 and not rule.many:
        return None, attribute
    pairs = list(zip(attribute.tags, attribute.values, strict=True))
    fits = [tag in rule.tags and rule.is_supported(value, d) for tag, value in pairs]
    if attribute.name == "media-col" and all(fits):
        return _check_media_col(attribute, d)
    if all(fits):
        return attribute, None
    good = [pair for pair, fit in zip(pairs, fits, strict=True) if fit]
    bad = [pair for pair, fit in zip(pairs, fits, strict=True) if not fit]
    return _of(attribute.name, good), _of(attribute.name, bad)


def _of(name: str, pairs: list[tuple[int, Value]]) -> Attribute | None:
    if not pairs:
        return None
    return Attribute(name, tuple(tag for tag, _ in pairs), tuple(value for _, value in pairs))


def _check_media_col(attribute: Attribute, d: PrinterDescription) -> tuple[Attribute | None, Attribute | None]:
    value = attribute.values[0]
    if not isinstance(value, Collection):
        return None, attribute
    good = [member for member in value if _is_member(member, value, d)]
    bad = [member for member in value if not _is_member(member, value, d)]
    tags = (ValueTag.BEGIN_COLLECTION,)
    return (
        Attribute(attribute.name, tags, (Collection(good),)) if good else None,
        Attribute(attribute.name, tags, (Collection(bad),)) if bad else None,
    )


def _is_member(member: Attribute, media: Collection, d: PrinterDescription) -> bool:
    if member.name not in MEDIA_COL_MEMBERS:
        return False
    if member.name in {"media-size", "media-size-name"}:
        size = size_of(media)
        return size is not None and _is_size(*size, d)
    if member.name == "media-source":
        return member.value in d.media_sources
    if member.name == "media-type":
        return member.value in d.media_types
    margin = media.integer(member.name)
    return margin is not None and margin >= 0
