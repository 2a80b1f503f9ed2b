"""`platen rewrite`: a print file changed as a print rule would change it."""

from __future__ import annotations

from pathlib import Path
from typing import Annotated

import typer

from platen.cli.database import Refusal
from platen.cli.main import app
from platen.cli.paper import Paper, media_named
from platen.documents.facts import Sides
from platen.documents.media import everyday_name
from platen.documents.page_ranges import parse_page_ranges


@app.command()
def rewrite(
    source: Annotated[Path, typer.Argument(help="The print file.", exists=True, dir_okay=False, readable=True)],
    target: Annotated[Path, typer.Argument(help="Where the changed file goes; it must not be there yet.")],
    sides: Annotated[Sides | None, typer.Option(help="On which sides it prints.")] = None,
    copies: Annotated[int | None, typer.Option(help="How many sets.", min=1, max=9999)] = None,
    monochrome: Annotated[bool | None, typer.Option("--monochrome/--color", help="Black only, or not.")] = None,
    toner_save: Annotated[bool | None, typer.Option("--toner-save/--no-toner-save", help="Less toner, or not.")] = None,
    media: Paper = None,
    pages: Annotated[str | None, typer.Option(help="These pages of a PDF only, as 1-3,7.")] = None,
    title: Annotated[str | None, typer.Option(help="The job's name, in a PJL header.")] = None,
    user: Annotated[str | None, typer.Option(help="Its owner, in a PJL header.")] = None,
    declared: Annotated[str | None, typer.Option(help="The media type that the client named.")] = None,
) -> None:
    """Change a print file: sides, copies, black only, less toner, paper, pages. The result is looked into again."""
    from platen.documents.rewrite import CannotRewrite, Changes
    from platen.documents.rewrite import rewrite as rewrite_document

    changes = Changes(
        sides=sides,
        copies=copies,
        monochrome=monochrome,
        toner_save=toner_save,
        media=media_named(media),
        page_ranges=_ranges(pages),
        title=title,
        user=user,
    )
    if changes.is_empty:
        raise typer.BadParameter("Say what is to be different; platen rewrite --help lists it.")
    try:
        with source.open("rb") as original, target.open("x+b") as out:
            facts = rewrite_document(original, changes, out, declared=declared)
    except FileExistsError as error:
        raise Refusal(f"{target} is there already; choose another name.") from error
    except CannotRewrite as error:
        target.unlink()
        raise Refusal(str(error)) from error
    papers = ", ".join(dict.fromkeys(everyday_name(run.media) for run in facts.page_runs))
    pages = "1 page" if facts.pages == 1 else f"{facts.pages} pages"
    typer.echo(f"{target}: {pages}{f' of {papers}' if papers else ''}.")


def _ranges(text: str | None) -> tuple[tuple[int, int], ...]:
    try:
        return parse_page_ranges(text) if text else ()
    except ValueError as error:
        raise typer.BadParameter(str(error), param_hint="--pages") from error
