"""The mail that tells how a task's run ended: the results of its devices, failures first, and where all of them are."""

from __future__ import annotations

from collections.abc import Collection, Mapping
from typing import Any

from django.utils.translation import gettext as _
from django.utils.translation import gettext_noop as noop
from django.utils.translation import ngettext, override

from platen.fleet.alert_words import SOURCE
from platen.fleet.page_links import page_link
from platen.fleet.report_mails import attachment
from platen.tasks.models import Result, Run, RunState

LINES_MAX = 200
FAILED = (RunState.ERROR, RunState.TIMEOUT)
RESULT_COLUMNS = {
    "target": noop("Device"),
    "state": noop("State"),
    "message": noop("Message"),
    "began_at": noop("Began"),
    "ended_at": noop("Ended"),
}
"""What the attached table of results can say."""
_STATES: Mapping[str, str] = {
    RunState.WAITING: noop("Waiting"),
    RunState.RUNNING: noop("Running"),
    RunState.SUCCESS: noop("Done"),
    RunState.ERROR: noop("Failed"),
    RunState.TIMEOUT: noop("Out of time"),
    RunState.CANCELED: noop("Called off"),
    RunState.SKIPPED: noop("Left out"),
}
_ENDED: Mapping[str, str] = {
    RunState.WAITING: noop("waiting"),
    RunState.RUNNING: noop("running"),
    RunState.SUCCESS: noop("done"),
    RunState.ERROR: noop("with errors"),
    RunState.TIMEOUT: noop("out of time"),
    RunState.CANCELED: noop("canceled"),
    RunState.SKIPPED: noop("left out"),
}
"""How a run ended, as the end of a sentence."""
_PARTS = (
    (noop("Failed"), FAILED),
    (noop("Called off"), (RunState.CANCELED,)),
    (noop("Left out"), (RunState.SKIPPED,)),
    (noop("Done"), (RunState.SUCCESS,)),
)


def run_mail(run: Run, wanted: Mapping[str, Any]) -> dict[str, object]:
    """The mail that a task asks for. wanted: `mail`, and as far as it says so `format` of an attached table of all
    results, `columns` of it, `important`, `language`."""
    with override(wanted.get("language") or SOURCE):
        mail: dict[str, object] = {"to": wanted["mail"], "subject": run_subject(run), "body": run_body(run)}
        mail["important"] = wanted.get("important") is True
        if wanted.get("format"):
            mail["attachments"] = [_results(run, wanted["format"], wanted.get("columns") or ())]
    return mail


def _results(run: Run, file_format: str, columns: Collection[str]) -> dict[str, str]:
    """Every result of the run as a table; columns: of RESULT_COLUMNS, none: all."""
    wanted = [name for name in RESULT_COLUMNS if name in columns] or list(RESULT_COLUMNS)
    results = Result.objects.filter(run=run).order_by("id").iterator(chunk_size=2000)
    rows = [[_cell(each, name) for name in wanted] for each in results]
    return attachment("result", file_format, [_(RESULT_COLUMNS[name]) for name in wanted], rows)


def _cell(result: Result, name: str) -> object:
    own: Mapping[str, object] = {"state": _(_STATES[result.state]), "message": result.words}
    return own.get(name, getattr(result, name))


def run_subject(run: Run) -> str:
    """How a run ended, in one line."""
    end = f"{run.name}: {_(_ENDED[run.state])}"
    if not run.targets:
        return end
    counted = ngettext("%(done)d of %(n)d device", "%(done)d of %(n)d devices", run.targets)
    failed = _("%(failed)d failed") % {"failed": run.failed}
    return f"{end}, {counted % {'done': run.done, 'n': run.targets}}, {failed}"


def run_body(run: Run) -> str:
    """What came of each device, at most LINES_MAX of them, those that failed first; with a link to the run's page."""
    lines = [f"{run_subject(run)}.", *filter(None, [run.words]), ""]
    left = LINES_MAX
    for title, states in _PARTS:
        results = Result.objects.filter(run=run, state__in=states)
        count = results.count()
        if not count:
            continue
        shown = list(results.order_by("target", "id")[:left])
        left -= len(shown)
        lines += [f"{_(title)} ({count})", *(f"  {_line(each)}" for each in shown)]
        if count > len(shown):
            lines.append("  " + _("and %(n)d more") % {"n": count - len(shown)})
        lines.append("")
    link = page_link("run", run.uuid)
    return "\n".join([*lines, f"{_('All results')}: {link}"] if link else lines).rstrip()


def _line(result: Result) -> str:
    return f"{result.target}: {' '.join(result.words.split())}" if result.message else result.target
