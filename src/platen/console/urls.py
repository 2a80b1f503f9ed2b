"""Addresses of the console. Only views that say whom they are for are routed."""

from __future__ import annotations

from collections.abc import Callable

from django.http import HttpResponseBase
from django.urls import URLPattern, path

from platen.console.lookup import page_for_missing
from platen.console.views import (
    components,
    devices,
    events,
    find,
    ids,
    jobs,
    machine,
    machine_bulk,
    machine_list,
    mine,
    overview,
    people,
    queues,
    schemes,
    session,
    settings,
    usage,
)

app_name = "console"


def _page(route: str, view: Callable[..., HttpResponseBase], name: str) -> URLPattern:
    """Raises: TypeError for a view without a decorator of platen.console.guard."""
    if not hasattr(view, "needs"):
        raise TypeError(f"{view.__module__}.{view.__name__} does not say whom it is for; decorate it with needs().")
    routed: URLPattern = path(route, page_for_missing(view), name=name)
    return routed


urlpatterns: list[URLPattern] = [
    _page("", overview.overview, "overview"),
    _page("sign-in/", session.sign_in, "sign-in"),
    _page("sign-out/", session.sign_out, "sign-out"),
    _page("password/", session.password, "password"),
    _page("find/", find.find, "find"),
    _page("components/", components.components, "components"),
    _page("jobs/", jobs.jobs, "jobs"),
    _page("jobs/export/", jobs.export, "jobs-export"),
    _page("jobs/<int:job_id>/", jobs.job, "job"),
    _page("jobs/<int:job_id>/detail/", jobs.detail, "job-detail"),
    _page("jobs/<int:job_id>/first-page.png", jobs.first_page, "job-first-page"),
    _page("jobs/<int:job_id>/release/", jobs.release, "job-release"),
    _page("jobs/<int:job_id>/delete/", jobs.delete, "job-delete"),
    _page("jobs/<int:job_id>/assign/", jobs.assign, "job-assign"),
    _page("devices/", machine_list.devices, "devices"),
    _page("devices/export/", machine_list.export, "devices-export"),
    _page("devices/signs/", machine_list.signs, "fleet-signs"),
    _page("devices/condition/", machine_list.condition, "devices-condition"),
    _page("devices/narrow/", machine_list.narrow, "devices-narrow"),
    _page("devices/columns/", machine_list.choose_columns, "devices-columns"),
    _page("devices/views/add/", machine_list.view_add, "view-add"),
    _page("devices/views/<int:view_id>/remove/", machine_list.view_remove, "view-remove"),
    _page("devices/change/", machine_bulk.change, "devices-change"),
    _page("devices/read/", machine_bulk.read, "devices-read"),
    _page("devices/manage/", machine_bulk.manage, "devices-manage"),
    _page("devices/add/", devices.add, "device-add"),
    _page("devices/<uuid:uuid>/", devices.device, "device"),
    _page("devices/<uuid:uuid>/edit/", devices.edit, "device-edit"),
    _page("devices/<uuid:uuid>/remove/", devices.remove, "device-remove"),
    _page("devices/<uuid:uuid>/service/", devices.service, "device-service"),
    _page("devices/<uuid:uuid>/read/", machine.read, "machine-read"),
    _page("devices/<uuid:uuid>/manage/", machine.manage, "machine-manage"),
    _page("devices/<uuid:uuid>/machine/", machine.edit, "machine-edit"),
    _page("devices/<uuid:uuid>/sources/", machine.sources, "machine-sources"),
    _page("devices/<uuid:uuid>/test-page/", devices.test_page, "device-test-page"),
    _page("devices/<uuid:uuid>/pairing/", devices.pairing, "device-pairing"),
    _page("devices/<uuid:uuid>/unpairing/", devices.unpairing, "device-unpairing"),
    _page("devices/<uuid:uuid>/prices/", devices.prices, "device-prices"),
    _page("devices/<uuid:uuid>/readers/add/", devices.reader_add, "reader-add"),
    _page("devices/<uuid:uuid>/readers/<int:reader_id>/remove/", devices.reader_remove, "reader-remove"),
    _page("queues/", queues.queues, "queues"),
    _page("queues/add/", queues.add, "queue-add"),
    _page("queues/<uuid:uuid>/", queues.queue, "queue"),
    _page("queues/<uuid:uuid>/edit/", queues.edit, "queue-edit"),
    _page("queues/<uuid:uuid>/remove/", queues.remove, "queue-remove"),
    _page("people/", people.people, "people"),
    _page("people/export/", people.export, "people-export"),
    _page("people/add/", people.add, "person-add"),
    _page("people/<uuid:uuid>/", people.one, "person"),
    _page("people/<uuid:uuid>/edit/", people.edit, "person-edit"),
    _page("people/<uuid:uuid>/remove/", people.remove, "person-remove"),
    _page("people/<uuid:uuid>/unlock/", people.unlock, "person-unlock"),
    _page("people/<uuid:uuid>/password/", people.password, "person-password"),
    _page("people/<uuid:uuid>/pattern/", people.pattern, "person-pattern"),
    _page("people/<uuid:uuid>/cards/add/", ids.card_add, "card-add"),
    _page("people/<uuid:uuid>/cards/<int:card_id>/remove/", ids.card_remove, "card-remove"),
    _page("people/<uuid:uuid>/code/", ids.code, "person-code"),
    _page("people/<uuid:uuid>/pin/", ids.pin, "person-pin"),
    _page("people/<uuid:uuid>/puk/", ids.puk, "person-puk"),
    _page("people/<uuid:uuid>/puk/clear/", ids.puk_clear, "person-puk-clear"),
    _page("people/<uuid:uuid>/aliases/add/", ids.alias_add, "alias-add"),
    _page("people/<uuid:uuid>/aliases/<int:alias_id>/remove/", ids.alias_remove, "alias-remove"),
    _page("usage/", usage.usage, "usage"),
    _page("usage/export/", usage.export, "usage-export"),
    _page("usage/<int:record_id>/", usage.record, "usage-record"),
    _page("schemes/", schemes.schemes, "schemes"),
    _page("schemes/add/", schemes.add, "scheme-add"),
    _page("schemes/example/", schemes.example, "scheme-example"),
    _page("schemes/<int:scheme_id>/", schemes.scheme, "scheme"),
    _page("schemes/<int:scheme_id>/change/", schemes.change, "scheme-change"),
    _page("schemes/<int:scheme_id>/remove/", schemes.remove, "scheme-remove"),
    _page("schemes/<int:scheme_id>/default/", schemes.default, "scheme-default"),
    _page("events/", events.events, "events"),
    _page("events/export/", events.export, "events-export"),
    _page("audit/", events.audit, "audit"),
    _page("audit/check/", events.check, "audit-check"),
    _page("settings/", settings.settings, "settings"),
    _page("settings/policy/", settings.policy, "settings-policy"),
    _page("settings/tokens/add/", settings.token_add, "token-add"),
    _page("settings/tokens/<int:token_id>/revoke/", settings.token_revoke, "token-revoke"),
    _page("my/documents/", mine.documents, "my-documents"),
    _page("my/documents/<int:job_id>/delete/", mine.document_delete, "my-document-delete"),
    _page("my/documents/<int:job_id>/keep/", mine.document_keep, "my-document-keep"),
    _page("my/usage/", mine.usage, "my-usage"),
    _page("my/cards/", mine.cards, "my-cards"),
    _page("my/cards/<int:card_id>/remove/", mine.card_remove, "my-card-remove"),
    _page("my/account/", mine.account, "my-account"),
]
