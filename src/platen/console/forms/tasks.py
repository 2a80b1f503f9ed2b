"""Tasks, as they are typed: what, when, to which devices, and who is told."""

from __future__ import annotations

from collections.abc import Collection, Mapping, Sequence
from datetime import date, time
from types import MappingProxyType
from typing import Any
from zoneinfo import available_timezones

from django import forms
from django.utils.translation import gettext as _now
from django.utils.translation import gettext_lazy as _

from platen.console.forms.conditions import ConditionsForm
from platen.console.forms.report_fields import initial_of_wish, kinds_that_ask, wish_fields, wish_given
from platen.console.forms.report_words import REPORT_WORDS
from platen.console.forms.steps import StepRow, initial_of, rows_for, step_fields, step_rows, steps_of
from platen.fleet.errors import InvalidValue
from platen.fleet.group_paths import in_tree
from platen.fleet.groups import hidden_among, regions_of_groups
from platen.fleet.models import Group, Region
from platen.fleet.notice_words import LANGUAGES
from platen.fleet.queries_notices import all_webhooks
from platen.fleet.queries_rows import groups_by_name, regions_by_name
from platen.fleet.queries_searches import kept_searches
from platen.fleet.reports import KINDS as REPORTS
from platen.fleet.reports import Wish, wish_of
from platen.fleet.run_mails import RESULT_COLUMNS
from platen.fleet.table_files import FORMATS
from platen.fleet.target_names import devices_named, names_of, unseen_of
from platen.fleet.writing import FIELDS, WRITE
from platen.policy.recurrence import TARGETS
from platen.tasks.kinds import BATCH, TaskKind
from platen.tasks.models import Task
from platen.tasks.services import TaskValues

_WEEKDAYS = [
    *(("0", _("Monday")), ("1", _("Tuesday")), ("2", _("Wednesday")), ("3", _("Thursday"))),
    *(("4", _("Friday")), ("5", _("Saturday")), ("6", _("Sunday"))),
]
_UNITS = [
    *(("minutes", _("minutes")), ("hours", _("hours")), ("days", _("days"))),
    *(("weeks", _("weeks")), ("months", _("months"))),
]
_WEEKS = [("", "–"), ("1", _("first")), ("2", _("second")), ("3", _("third")), ("4", _("fourth")), ("-1", _("last"))]
_DATE = {"type": "date"}
_TIME = {"type": "time"}


class TaskForm(ConditionsForm):
    """One task of a kind. Only the fields that the kind asks for are there."""

    name = forms.CharField(label=_("Name"), max_length=120)
    active = forms.BooleanField(label=_("Active"), required=False, initial=True)
    when = forms.ChoiceField(
        label=_("When"),
        choices=[("none", _("Only when somebody starts it")), ("once", _("Once")), ("every", _("Again and again"))],
        widget=forms.RadioSelect,
        initial="none",
    )
    start = forms.DateField(
        label=_("Day"),
        required=False,
        widget=forms.DateInput(attrs=_DATE, format="%Y-%m-%d"),
        help_text=_("Where it is done again and again, the first one."),
    )
    at = forms.TimeField(label=_("Time"), required=False, widget=forms.TimeInput(attrs=_TIME, format="%H:%M"))
    n = forms.IntegerField(label=_("Every"), required=False, min_value=1, max_value=1000, initial=1)
    unit = forms.ChoiceField(label=_("Unit"), required=False, choices=_UNITS, initial="days")
    weekdays = forms.MultipleChoiceField(
        label=_("Of weeks: on"), required=False, choices=_WEEKDAYS, widget=forms.CheckboxSelectMultiple
    )
    day = forms.IntegerField(
        label=_("Of months: on day"),
        required=False,
        min_value=-1,
        max_value=31,
        help_text=_("1 to 31; -1 is the last."),
    )
    week = forms.ChoiceField(label=_("or on the"), required=False, choices=_WEEKS)
    weekday = forms.ChoiceField(label=_("weekday of the month"), required=False, choices=[("", "–"), *_WEEKDAYS])
    until = forms.DateField(label=_("Until"), required=False, widget=forms.DateInput(attrs=_DATE, format="%Y-%m-%d"))
    zone = forms.ChoiceField(label=_("By the clock of"), required=False)
    mail_result = forms.CharField(
        label=_("Mail the result to"), required=False, max_length=2000, help_text=_("Addresses, divided by commas.")
    )
    mail_on = forms.MultipleChoiceField(
        label=_("When it ended"),
        required=False,
        choices=[("success", _("well")), ("error", _("with errors")), ("timeout", _("out of time"))],
        widget=forms.CheckboxSelectMultiple,
    )

    mail_format = forms.ChoiceField(
        label=_("With all results as"),
        required=False,
        choices=[("", _("nothing more")), *((each, each.upper()) for each in FORMATS)],
    )
    mail_columns = forms.MultipleChoiceField(
        label=_("What is told of each"),
        required=False,
        choices=[(name, _(words)) for name, words in RESULT_COLUMNS.items()],
        widget=forms.CheckboxSelectMultiple,
        help_text=_("None: everything."),
    )
    mail_language = forms.ChoiceField(label=_("Language"), required=False, choices=list(LANGUAGES.items()))
    mail_important = forms.BooleanField(label=_("Marked as important"), required=False)

    def __init__(
        self, *args: Any, kind: TaskKind, task: Task | None = None, sees_audit: bool = False, **kwargs: Any
    ) -> None:
        self.kind = kind
        self._reports = tuple(each for each in REPORTS if sees_audit or each != "audit")
        self._stored_steps = list(((task.settings if task else None) or {}).get("steps") or ())
        self._step_rows = rows_for(self._stored_steps)
        target = (task.target if task else {}) or (task.settings.get("target") if task else {}) or {}
        kwargs["initial"] = {**(kwargs.get("initial") or {}), **(_initial(task) if task else {})}
        super().__init__(*args, conditions=target.get("conditions") or (), **kwargs)
        zones = [(name, name.replace("_", " ")) for name in sorted(available_timezones())]
        self._choose("zone", [(TARGETS, _now("each device’s own place")), *zones])
        if kind.for_devices or kind.name in {"report", "counter-mail"}:
            self._add_targets()
        self._add_regions()
        self._add_settings()

    def _choose(self, name: str, choices: list[tuple[str, Any]]) -> None:
        self.fields[name].choices = choices  # type: ignore[attr-defined]  # a ChoiceField

    def _add(self, name: str, made: forms.Field) -> None:
        plain = (forms.CheckboxInput, forms.RadioSelect, forms.CheckboxSelectMultiple)
        if not isinstance(made.widget, plain):
            made.widget.attrs["class"] = "input"
        self.fields[name] = made

    def _add_regions(self) -> None:
        regions = [(str(each.pk), each.name) for each in regions_by_name()]
        if regions:
            widget, hint = forms.CheckboxSelectMultiple, _now("None: of all.")
            made = forms.MultipleChoiceField(
                label=_now("Only of regions"), choices=regions, required=False, widget=widget, help_text=hint
            )
            self._add("regions", made)

    def _add_targets(self) -> None:
        self._groups, self._bound = groups_by_name(), regions_of_groups()
        self._hidden = hidden_among([int(key) for key in self.initial.get("groups") or ()])
        groups = [(str(each.pk), path) for each, path in in_tree(self._groups)]
        if groups:
            widget = forms.CheckboxSelectMultiple
            field = forms.MultipleChoiceField(label=_now("Groups"), choices=groups, required=False, widget=widget)
            self._add("groups", field)
        picked = [int(key) for key in self.initial.get("devices") or ()]
        self._unseen = unseen_of(picked)
        self.initial["devices"] = names_of(picked)
        rows = forms.Textarea(attrs={"rows": 3})
        hint = _now("By their names, one a line.")
        self._add("devices", forms.CharField(label=_now("Devices"), required=False, widget=rows, help_text=hint))
        self.has_targets = True

    has_targets = False
    _groups: Sequence[Group] = ()
    _hidden: Sequence[int] = ()
    _unseen: Sequence[int] = ()
    _picked: Sequence[int] = ()
    """Groups of the task that whoever edits it does not see: they stay."""
    _bound: Mapping[int, frozenset[int]] = MappingProxyType({})

    def _add_settings(self) -> None:
        name = self.kind.name
        if name == "discover":
            searches = [(str(each.pk), each.name) for each in kept_searches()]
            self._add("discovery", forms.ChoiceField(label=_now("Kept search"), choices=[("", "–"), *searches]))
        if name == "read":
            self._add("everything", forms.BooleanField(label=_now("Ask everything anew"), required=False))
        if name == "webhook":
            self._add("webhook", forms.ChoiceField(label=_now("Webhook"), choices=[("", "–"), *_webhooks()]))
        if name == WRITE:
            written = [(each, _now(label)) for each, label in FIELDS.items()]
            widget = forms.CheckboxSelectMultiple
            self._add(
                "written", forms.MultipleChoiceField(label=_now("What is written"), choices=written, widget=widget)
            )
        if name in {"report", "counter-mail"}:
            self._add_mail()
        if name == BATCH:
            for field_name, made in step_fields(self._step_rows, self._reports).items():
                self.fields[field_name] = made

    def _add_mail(self) -> None:
        if self.kind.name == "report":
            reports = [(kind, REPORT_WORDS[kind]) for kind in self._reports]
            self._add("report", forms.ChoiceField(label=_now("Report"), choices=reports))
        for name, made in wish_fields(self._kinds).items():
            self._add(name, made)
        formats = [(each, each.upper()) for each in FORMATS]
        self._add("format", forms.ChoiceField(label=_now("Format"), choices=formats, initial="xlsx"))
        lines = forms.Textarea(attrs={"rows": 2})
        hint = _now("Addresses, divided by commas or lines.")
        self._add("to", forms.CharField(label=_now("Mail to"), max_length=4000, widget=lines, help_text=hint))
        lines = forms.Textarea(attrs={"rows": 2})
        self._add("cc", forms.CharField(label=_now("Copy to"), max_length=4000, required=False, widget=lines))
        self._add("subject", forms.CharField(label=_now("Subject"), max_length=255, required=False))
        languages = list(LANGUAGES.items())
        self._add("language", forms.ChoiceField(label=_now("Language"), choices=languages, required=False))
        self._add("important", forms.BooleanField(label=_now("Marked as important"), required=False))

    @property
    def _kinds(self) -> tuple[str, ...]:
        """The reports that this task can mail."""
        return self._reports if self.kind.name == "report" else ("counters",)

    @property
    def asked(self) -> list[tuple[forms.BoundField, str]]:
        """What the reports ask for, each with the reports that ask for it."""
        if self.kind.name not in {"report", "counter-mail"}:
            return []
        return [(self[name], kinds_that_ask(name)) for name in wish_fields(self._kinds)]

    @property
    def steps(self) -> list[StepRow]:
        """The fields of a batch's steps."""
        return step_rows(self, self._step_rows) if self.kind.name == BATCH else []

    def clean(self) -> dict[str, Any]:
        """What a schedule needs is there."""
        given = super().clean() or {}
        if given.get("when") in {"once", "every"}:
            for name in ("start", "at"):
                if not given.get(name) and name not in self.errors:
                    self.add_error(name, _now("Say when."))
        self._check_wish(given)
        try:
            self._picked = devices_named(given.get("devices") or "")
        except InvalidValue as error:
            self.add_error("devices", str(error))
        regions = Region.with_parts(int(each) for each in given.get("regions") or ())
        outside = [group.name for group in self._groups_in(given) if regions and not self._is_within(group, regions)]
        if outside:  # EMC-REGN-04
            text = _now("These groups may hold devices of other regions: %(groups)s.")
            self.add_error("groups", text % {"groups": ", ".join(outside)})
        return given

    def _check_wish(self, given: dict[str, Any]) -> None:
        kind = given.get("report", "counters")
        if self.kind.name in {"report", "counter-mail"} and kind in self._kinds:
            try:
                wish_of(kind, wish_given(kind, given))
            except InvalidValue as error:
                self.add_error("report" if "report" in self.fields else None, str(error))

    def _groups_in(self, given: dict[str, Any]) -> list[Group]:
        wanted = set(given.get("groups") or ())
        return [group for group in self._groups if str(group.pk) in wanted]

    def _is_within(self, group: Group, regions: Collection[int]) -> bool:
        bound = self._bound.get(group.pk)
        return bound is not None and bound <= frozenset(regions)

    def values(self) -> TaskValues:
        """As the verbs take it."""
        given = self.cleaned_data
        mail = [each.strip() for each in given["mail_result"].replace(";", ",").split(",") if each.strip()]
        target = self._target()
        settings = self._settings()
        if not self.kind.for_devices and self.has_targets:
            settings["target"] = target
        return TaskValues(
            kind=self.kind.name,
            schedule=self._schedule(),
            target=target if self.kind.for_devices else {},
            settings=settings,
            report_to={"mail": mail, **self._mailed()} if mail else {},
            active=given["active"],
            regions=[int(each) for each in given.get("regions") or ()],
        )

    def _mailed(self) -> dict[str, Any]:
        """How the result is mailed, besides to whom."""
        given = self.cleaned_data
        told = {name: given[f"mail_{name}"] for name in ("on", "format", "columns", "language", "important")}
        return {name: value for name, value in told.items() if value or name == "on"}

    def _target(self) -> dict[str, Any]:
        groups = [*(int(each) for each in self.cleaned_data.get("groups", ())), *self._hidden]
        said = {"groups": groups, "devices": [*self._picked, *self._unseen], "conditions": self.conditions()}
        return {name: value for name, value in said.items() if value}

    def _schedule(self) -> dict[str, Any] | None:
        given = self.cleaned_data
        start, at = given["start"] or date.today(), given["at"] or time()  # noqa: DTZ011  # a local day, as typed
        zone = given["zone"] or TARGETS
        if given["when"] == "once":
            return {"kind": "once", "at": f"{start.isoformat()}T{at.isoformat('minutes')}", "zone": zone}
        if given["when"] != "every":
            return None
        every = {"kind": "every", "unit": given["unit"] or "days", "n": given["n"] or 1, "zone": zone}
        every |= {"start": start.isoformat(), "at": at.isoformat("minutes")}
        every |= {"weekdays": [int(each) for each in given["weekdays"]]}
        every |= {"day": given["day"], "week": given["week"] or None, "weekday": given["weekday"] or None}
        return every | {"until": given["until"].isoformat() if given["until"] else None}

    def _settings(self) -> dict[str, Any]:
        given = self.cleaned_data
        if self.kind.name == BATCH:
            return {"steps": steps_of(given, self._step_rows, self._stored_steps)}
        if self.kind.name == WRITE:
            return {"fields": given["written"]}
        names = (
            "discovery",
            "everything",
            "webhook",
            "report",
            "format",
            "to",
            "cc",
            "subject",
            "language",
            "important",
        )
        settings = {name: given[name] for name in names if name in given}
        if self.kind.name in {"report", "counter-mail"}:
            kind = given.get("report", "counters")
            settings["wish"] = wish_given(kind, given)
        return settings


def _wish_of(settings: Mapping[str, Any]) -> Wish:
    """The report of a task as it is; as usual, where it fits no more."""
    kind = settings["report"]
    try:
        return wish_of(kind, {"counters": settings.get("counters"), **(settings.get("wish") or {})})
    except InvalidValue:
        return Wish(kind)


def _webhooks() -> list[tuple[str, str]]:
    return [(str(each.pk), each.name) for each in all_webhooks()]


def _initial(task: Task) -> dict[str, Any]:
    """A task as it is."""
    schedule, settings, told = task.schedule or {}, task.settings or {}, task.report_to or {}
    initial: dict[str, Any] = {"name": task.name, "active": task.active, "when": schedule.get("kind", "none")}
    initial |= {name: schedule.get(name) for name in ("n", "unit", "day", "until", "zone") if schedule.get(name)}
    initial |= {name: str(schedule[name]) for name in ("week", "weekday") if schedule.get(name) is not None}
    initial["weekdays"] = [str(each) for each in schedule.get("weekdays") or ()]
    moment = str(schedule.get("at") or "")
    day, _sign, clock = moment.rpartition("T")
    initial |= {"start": day or schedule.get("start"), "at": clock[:5] or None}
    for name in ("discovery", "everything", "webhook", "report", "format", "subject", "language", "important"):
        if name in settings:
            initial[name] = settings[name] if isinstance(settings[name], bool) else str(settings[name])
    initial |= {name: ", ".join(settings[name]) for name in ("to", "cc") if isinstance(settings.get(name), list)}
    initial["written"] = list(settings.get("fields") or ())
    if settings.get("report") in REPORTS:
        initial |= initial_of_wish(_wish_of(settings))
    initial |= {"mail_result": ", ".join(told.get("mail") or ()), "mail_on": list(told.get("on") or ())}
    initial |= {f"mail_{name}": told[name] for name in ("format", "columns", "language", "important") if name in told}
    target = task.target or settings.get("target") or {}
    initial["groups"] = [str(each) for each in target.get("groups") or ()]
    initial["devices"] = list(target.get("devices") or ())
    initial["regions"] = [str(key) for key in task.regions.values_list("pk", flat=True)]
    initial |= initial_of(settings.get("steps") or ())
    return initial
