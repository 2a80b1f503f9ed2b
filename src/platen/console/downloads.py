"""Tables as downloads, in the format that the address names."""

from __future__ import annotations

from collections.abc import Iterable, Sequence

from django.http import HttpRequest, HttpResponse, HttpResponseBadRequest
from django.utils.translation import gettext as _

from platen.fleet.table_files import FORMATS, table_file


def table_download(
    request: HttpRequest, name: str, head: Sequence[str], rows: Iterable[Sequence[object]], *, default: str = "csv"
) -> HttpResponse:
    """The table as `?format=` says; a format that nobody knows is refused with a sentence.

    The file is made before the answer begins: the current tenant holds only while the view runs.
    """
    file_format = request.GET.get("format") or default
    if file_format not in FORMATS:
        sentence = _("There is no format “%(format)s”. Choose of %(known)s, for example ?format=csv.")
        said = sentence % {"format": file_format[:40], "known": ", ".join(FORMATS)}
        return HttpResponseBadRequest(said, content_type="text/plain; charset=utf-8")
    made = table_file(name, file_format, head, rows)
    text = "" if file_format == "xlsx" else "; charset=utf-8"
    return HttpResponse(
        made.content,
        content_type=made.content_type + text,
        headers={"Content-Disposition": f'attachment; filename="{made.name}"'},
    )
