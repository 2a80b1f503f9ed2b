"""Secrets for SNMP, from where other people on the computer do not read them: a file, the environment, or a prompt."""

from __future__ import annotations

import os
import sys
import tomllib
from collections.abc import Mapping
from dataclasses import dataclass, field
from pathlib import Path
from typing import Annotated

import typer

from platen.cli.refusal import Refusal

OCTETS_MAX = 100_000
VARIABLES: Mapping[str, str] = {
    "community": "PLATEN_SNMP_COMMUNITY",
    "auth_password": "PLATEN_SNMP_AUTH_PASSWORD",
    "privacy_password": "PLATEN_SNMP_PRIV_PASSWORD",
}
"""What a file may say, and the variable of the environment that says the same."""
_ASKED = {
    "community": "Community",
    "auth_password": "Pass phrase that signs",
    "privacy_password": "Pass phrase that encrypts",
}

SecretsFile = Annotated[
    Path | None,
    typer.Option(
        "--secrets",
        help='A file with lines as community = "…", auth_password = "…", privacy_password = "…"; - for standard input.',
        allow_dash=True,
    ),
]


@dataclass(frozen=True, slots=True)
class Secrets:
    """What was found of each."""

    found: Mapping[str, str] = field(default_factory=dict)

    def get(self, name: str) -> str:
        """Of the file, else of the environment; empty where neither says it."""
        return self.found.get(name) or os.environ.get(VARIABLES[name], "")

    def needed(self, name: str) -> str:
        """The same, or what somebody types unseen."""
        return self.get(name) or str(typer.prompt(_ASKED[name], hide_input=True, err=True))


def secrets_in(file: Path | None) -> Secrets:
    """Raises: Refusal, without saying anything of what stands in the file."""
    if file is None:
        return Secrets()
    try:
        text = sys.stdin.read(OCTETS_MAX) if str(file) == "-" else file.read_text("utf-8")[:OCTETS_MAX]
        said = tomllib.loads(text)
    except OSError as error:
        raise Refusal(f"{file} could not be read: {error.strerror}.") from error
    except (tomllib.TOMLDecodeError, UnicodeDecodeError, RecursionError):
        raise Refusal(f"{file} cannot be understood. {_SHAPE}") from None
    unknown = [name for name in said if name not in VARIABLES]
    if unknown or not all(isinstance(value, str) for value in said.values()):
        raise Refusal(f"{file} says something else than secrets. {_SHAPE}")
    return Secrets(said)


_SHAPE = f'Write a line for each, as community = "…"; there are {", ".join(VARIABLES)}.'
