"""Writing texts to a machine by SNMP, each checked by reading it back."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, field

from django.utils.translation import gettext_noop as noop

from platen.eventlog.actor import Actor
from platen.fleet.errors import FleetError
from platen.fleet.models import Credential, Machine
from platen.fleet.writing import FIELDS, record_written, texts_of
from platen.policy.said import Said, said
from platen.protocols.snmp import ErrorStatus, Oid, Prepared, SnmpError, Tag, VarBind
from platen.readings import objects as o
from platen.readings.text import decoded
from platen.services.collect.snmp_client import SnmpClient
from platen.services.collect.snmp_errors import BadAnswer, NoAnswer, Refused, SnmpFailed
from platen.services.collect.snmp_targets import Credentials, Target
from platen.services.database import Database
from platen.services.fleet.snmp_credentials import snmp_credentials
from platen.services.task_orders import Order, Outcome

OBJECTS: dict[str, Oid] = {
    "name": (*o.SYS_NAME,),
    "location": (*o.SYS_LOCATION,),
    "contact": (*o.SYS_CONTACT,),
}
"""RFC 3418 section 2: read-write. The asset number stands in a row of RFC 6933, at the machine's own index."""
NO_ADDRESS = said(noop("It has no address."))
ELSEWHERE = said(noop("A collector at another site reads it; nobody here reaches it."))
NO_WRITER = said(noop("No credential may change machines. Mark one of the SNMP credentials so."))
_LABELS = {
    "name": said(noop("name")),
    "location": said(noop("place")),
    "contact": said(noop("contact")),
    "asset_number": said(noop("asset number")),
}
"""Within a sentence."""
_BAD_TEXT = frozenset(
    {ErrorStatus.WRONG_LENGTH, ErrorStatus.WRONG_VALUE, ErrorStatus.WRONG_ENCODING, ErrorStatus.BAD_VALUE}
)
Writers = Sequence[tuple[str, Credentials]]
"""Names and values of the credentials that may write, in the order in which they are tried."""


@dataclass(slots=True)
class Written:
    """How far it came: by field what was there before and is now; and sentences about what was not to be."""

    done: dict[str, tuple[str, str]] = field(default_factory=dict)
    problems: list[Said] = field(default_factory=list)


class Writing:
    """The executor of the kind of tasks that writes."""

    def __init__(self, database: Database, client: SnmpClient) -> None:
        self._database = database
        self._client = client

    async def write(self, order: Order) -> Outcome:
        """To one machine."""
        fields = [str(name) for name in order.settings.get("fields") or FIELDS]
        machine, texts, writers = await self._database.run(order.tenant_id, _to_write, order.device_id, fields)
        if machine is None or not machine.address:
            return Outcome.of(True, NO_ADDRESS, skipped=True)
        if machine.collector:  # at its address here there may be another machine
            return Outcome.of(True, ELSEWHERE, skipped=True)
        if not texts:
            return Outcome.of(True, said(noop("Nothing of this is known here.")), skipped=True)
        if not writers:
            return Outcome.of(False, NO_WRITER)
        dry = order.settings.get("dry") is True
        written = await self._with_one_of(writers, Target(machine.address, machine.port), texts, dry=dry)
        if isinstance(written, Outcome):
            return written
        if written.done and not dry:
            by = Actor(order.by or "Platen", source="task")
            await self._database.run(order.tenant_id, lambda: record_written(machine, written.done, by=by))
        return _outcome(written, dry=dry)

    async def _with_one_of(
        self, writers: Writers, target: Target, texts: dict[str, str], *, dry: bool
    ) -> Written | Outcome:
        reason = Said("")
        for name, credentials in writers:
            try:
                return await self._texts(target, name, credentials, texts, dry=dry)
            except NoAnswer:
                silent = noop(
                    "%(host)s does not answer to a credential that may change machines (%(known)s). "
                    "Its community or user may be another one, or it takes changes from other computers only."
                )
                reason = said(silent, host=target.host, known=", ".join(each for each, _ in writers))
            except SnmpFailed as error:
                reason = Said(str(error))
        return Outcome.of(False, reason)

    async def _texts(
        self, target: Target, name: str, credentials: Credentials, texts: dict[str, str], *, dry: bool
    ) -> Written:
        """Raises: SnmpFailed where it cannot even be asked."""
        written = Written()
        found = await self._now(target, credentials, list(texts))
        for each, text in texts.items():
            if each not in found:
                written.problems.append(said(noop("It has no object for its %(what)s."), what=_LABELS[each]))
            elif found[each][1] != text and dry:
                written.done[each] = (found[each][1], text)
            elif found[each][1] != text:
                oid, before = found[each]
                problem = await self._problem(target, (name, credentials), each, oid, text)
                if problem is not None:
                    written.problems.append(problem)
                else:
                    written.done[each] = (before, text)
        return written

    async def _problem(
        self, target: Target, writer: tuple[str, Credentials], name: str, oid: Oid, text: str
    ) -> Said | None:
        """Write one of them and read it back. Returns: why it is not there; None where it is."""
        try:
            prepared = Prepared.set_values([VarBind(oid, Tag.OCTET_STRING, text.encode())])
            await self._client.set_values(target, writer[1], prepared)
            after = (await self._now(target, writer[1], [name])).get(name, (oid, ""))[1]
        except SnmpFailed as error:
            return _refusal(error, name, writer[0])
        other = noop("It was given the %(what)s “%(given)s” and says “%(now)s”.")
        return None if after == text else said(other, what=_LABELS[name], given=text, now=after)

    async def _now(self, target: Target, credentials: Credentials, names: list[str]) -> dict[str, tuple[Oid, str]]:
        """The object of each text and what it says; those that it does not have are left out. Raises: SnmpFailed."""
        found: dict[str, tuple[Oid, str]] = {}
        scalars = [name for name in names if name in OBJECTS]
        if scalars:
            answer = await self._client.get(target, credentials, Prepared.get([OBJECTS[name] for name in scalars]))
            for name, varbind in zip(scalars, answer.varbinds, strict=True):
                _keep(found, name, varbind)
        if "asset_number" in names:
            answer = await self._client.get_next(target, credentials, Prepared.get_next([o.ENT_PHYSICAL_ASSET_ID]))
            (varbind,) = answer.varbinds
            if varbind.oid[: len(o.ENT_PHYSICAL_ASSET_ID)] == o.ENT_PHYSICAL_ASSET_ID:
                _keep(found, "asset_number", varbind)
        return found


def _keep(found: dict[str, tuple[Oid, str]], name: str, varbind: VarBind) -> None:
    if isinstance(varbind.value, bytes):
        found[name] = (varbind.oid, decoded(varbind.value))


def _refusal(error: SnmpFailed, name: str, writer: str) -> Said:
    what = _LABELS[name]
    if isinstance(error, Refused):
        text = noop(
            "It refuses another %(what)s: this model does not have it written, or the credential “%(writer)s” gives no "
            "such right."
        )
        return said(text, what=what, writer=writer)
    if isinstance(error, BadAnswer) and error.error_status in _BAD_TEXT:
        text = noop("It does not take this %(what)s: it is too long for it, or has letters that it does not know.")
        return said(text, what=what)
    return said(noop("Its %(what)s was not written: %(why)s"), what=what, why=error)


def _outcome(written: Written, *, dry: bool) -> Outcome:
    sentences = [_change(name, *values, dry=dry) for name, values in written.done.items()]
    if not sentences and not written.problems:
        sentences.append(said(noop("It says all of this already.")))
    detail = {"written": {name: list(values) for name, values in written.done.items()}}
    return Outcome.of(not written.problems, *sentences, *written.problems, detail=detail)


def _change(name: str, before: str, after: str, *, dry: bool) -> Said:
    if dry and before:
        text = noop("Would be written: %(what)s “%(after)s” instead of “%(before)s”.")
    elif dry:
        text = noop("Would be written: %(what)s “%(after)s”.")
    elif before:
        text = noop("Written: %(what)s “%(after)s” instead of “%(before)s”.")
    else:
        text = noop("Written: %(what)s “%(after)s”.")
    return said(text, what=_LABELS[name], after=after, before=before)


def _to_write(device_id: int | None, fields: Sequence[str]) -> tuple[Machine | None, dict[str, str], Writers]:
    machine: Machine | None = Machine.objects.select_related("device").filter(pk=device_id).first()
    if machine is None:
        return None, {}, []
    stored = Credential.objects.filter(kind__startswith="snmp", writes=True).order_by("rank", "name")
    usable = []
    for credential in sorted(stored, key=lambda each: each.pk != machine.credential_id):
        try:
            usable.append((credential.name, snmp_credentials(credential)))
        except (FleetError, SnmpError, KeyError):
            continue
    # As a machine's own texts are read: white space that is more than a space is one.
    texts = {name: decoded(text.encode()) for name, text in texts_of(machine, fields).items()}
    return machine, texts, usable
