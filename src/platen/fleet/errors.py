"""What verbs of the fleet refuse, in sentences for a person."""

from __future__ import annotations


class FleetError(ValueError):
    """Something cannot be done; the sentence says why and what to do."""


class NameTaken(FleetError):
    """Another one has this name."""


class InvalidValue(FleetError):
    """A value cannot be used."""
