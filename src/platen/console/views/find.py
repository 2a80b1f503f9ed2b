"""One search finds everything: one match opens, several are listed."""

from __future__ import annotations

from django.http import HttpRequest, HttpResponse, HttpResponseRedirect
from django.shortcuts import render
from django.urls import reverse
from django.views.decorators.http import require_safe

from platen.access.rights import Right, allowed, may_see_document_names
from platen.console.guard import needs, person, policy_of
from platen.console.job_rows import job_rows
from platen.devices.device_lists import find_queues
from platen.devices.queries import search_devices
from platen.directory.queries import search as search_people
from platen.printing.job_lists import find_jobs

EACH_MAX = 20


@needs(Right.SEE_JOBS)
@require_safe
def find(request: HttpRequest) -> HttpResponse:
    """People by name, logon or card; devices; jobs by number or name; queues."""
    text = request.GET.get("q", "").strip()[:200]
    user = person(request)
    people = search_people(text, EACH_MAX) if text and allowed(user, Right.SEE_PEOPLE) else []
    sees_devices = bool(text) and allowed(user, Right.SEE_DEVICES)
    devices = search_devices(text, EACH_MAX) if sees_devices else []
    queues = find_queues(text, EACH_MAX) if sees_devices else []
    names = may_see_document_names(user, policy_of(request))
    jobs = find_jobs(text, EACH_MAX, by_name=names) if text else []
    addresses = [
        *(reverse("console:person", args=[each.uuid]) for each in people),
        *(reverse("console:device", args=[each.uuid]) for each in devices),
        *(reverse("console:queue", args=[each.uuid]) for each in queues),
        *(reverse("console:job", args=[each.id]) for each in jobs),
    ]
    if len(addresses) == 1:
        return HttpResponseRedirect(addresses[0])
    context = {
        "sought": text,
        "people": people,
        "devices": devices,
        "queues": queues,
        "rows": job_rows(jobs, sees_names=names),
        "nothing": not addresses,
    }
    return render(request, "console/find.html", context)
