"""The mail that tells how a task's run ended: the results of its devices, failures first, and where all of them are."""

from __future__ import annotations

from django.utils.translation import gettext as _
from django.utils.translation import gettext_noop as noop
from django.utils.translation import ngettext

from platen.fleet.page_links import page_link
from platen.tasks.models import Result, Run, RunState

LINES_MAX = 200
FAILED = (RunState.ERROR, RunState.TIMEOUT)
_PARTS = (
    (noop("Failed"), FAILED),
    (noop("Called off"), (RunState.CANCELED,)),
    (noop("Left out"), (RunState.SKIPPED,)),
    (noop("Done"), (RunState.SUCCESS,)),
)


def run_subject(run: Run) -> str:
    """How a run ended, in one line."""
    end = f"{run.name}: {run.get_state_display().lower()}"
    if not run.targets:
        return end
    counted = ngettext("%(done)d of %(n)d device", "%(done)d of %(n)d devices", run.targets)
    failed = _("%(failed)d failed") % {"failed": run.failed}
    return f"{end}, {counted % {'done': run.done, 'n': run.targets}}, {failed}"


def run_body(run: Run) -> str:
    """What came of each device, at most LINES_MAX of them, those that failed first; with a link to the run's page."""
    lines = [f"{run_subject(run)}.", *filter(None, [run.message]), ""]
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
    return f"{result.target}: {' '.join(result.message.split())}" if result.message else result.target
