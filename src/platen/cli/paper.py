"""Paper as people name it on the command line."""

from __future__ import annotations

from typing import Annotated

import typer

from platen.documents.media import media_for_word

Paper = Annotated[str | None, typer.Option("--media", help="The paper, as A4 or iso_a4_210x297mm.")]


def media_named(word: str | None) -> str | None:
    """The PWG 5101.1 name of a paper; None where none is asked for. Raises: BadParameter."""
    if word is None:
        return None
    name = media_for_word(word)
    if name is None:
        raise typer.BadParameter(
            f"{word} is no paper size that is known here; write A4, letter or iso_a4_210x297mm.", param_hint="--media"
        )
    return name
