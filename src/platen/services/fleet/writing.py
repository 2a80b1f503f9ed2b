"""Writing texts to a machine by SNMP, each checked by reading it back."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, field

from platen.eventlog.actor import Actor
from platen.fleet.errors import FleetError
from platen.fleet.models import Credential, Machine
from platen.fleet.writing import FIELDS, record_written, texts_of
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
_BAD_TEXT = frozenset(
    {ErrorStatus.WRONG_LENGTH, ErrorStatus.WRONG_VALUE, ErrorStatus.WRONG_ENCODING, ErrorStatus.BAD_VALUE}
)
Writers = Sequence[tuple[str, Credentials]]
"""Names and values of the credentials that may write, in the order in which they are tried."""


@dataclass(slots=True)
class Written:
    """How far it came: by field what was there before and is now; and sentences about what was not to be."""

    done: dict[str, tuple[str, str]] = field(default_factory=dict)
    problems: list[str] = field(default_factory=list)


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
            return Outcome(True, "It has no address.", skipped=True)
        if machine.collector:  # at its address here there may be another machine
            return Outcome(True, "A collector at another site reads it; nobody here reaches it.", skipped=True)
        if not texts:
            return Outcome(True, "Nothing of this is known here.", skipped=True)
        if not writers:
            return Outcome(False, "No credential may change machines. Mark one of the SNMP credentials so.")
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
        reason = ""
        for name, credentials in writers:
            try:
                return await self._texts(target, name, credentials, texts, dry=dry)
            except NoAnswer:
                known = ", ".join(each for each, _ in writers)
                reason = (
                    f"{target.host} does not answer to a credential that may change machines ({known}). "
                    "Its community or user may be another one, or it takes changes from other computers only."
                )
            except SnmpFailed as error:
                reason = str(error)
        return Outcome(False, reason)

    async def _texts(
        self, target: Target, name: str, credentials: Credentials, texts: dict[str, str], *, dry: bool
    ) -> Written:
        """Raises: SnmpFailed where it cannot even be asked."""
        written = Written()
        found = await self._now(target, credentials, list(texts))
        for each, text in texts.items():
            if each not in found:
                written.problems.append(f"It has no object for its {_label(each)}.")
            elif found[each][1] != text and dry:
                written.done[each] = (found[each][1], text)
            elif found[each][1] != text:
                oid, before = found[each]
                problem = await self._problem(target, (name, credentials), each, oid, text)
                if problem:
                    written.problems.append(problem)
                else:
                    written.done[each] = (before, text)
        return written

    async def _problem(self, target: Target, writer: tuple[str, Credentials], name: str, oid: Oid, text: str) -> str:
        """Write one of them and read it back. Returns: why it is not there; empty where it is."""
        try:
            prepared = Prepared.set_values([VarBind(oid, Tag.OCTET_STRING, text.encode())])
            await self._client.set_values(target, writer[1], prepared)
            after = (await self._now(target, writer[1], [name])).get(name, (oid, ""))[1]
        except SnmpFailed as error:
            return _refusal(error, name, writer[0])
        return "" if after == text else f"It was given the {_label(name)} “{text}” and says “{after}”."

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


def _refusal(error: SnmpFailed, name: str, writer: str) -> str:
    what = _label(name)
    if isinstance(error, Refused):
        return (
            f"It refuses another {what}: this model does not have it written, or the credential “{writer}” gives no "
            "such right."
        )
    if isinstance(error, BadAnswer) and error.error_status in _BAD_TEXT:
        return f"It does not take this {what}: it is too long for it, or has letters that it does not know."
    return f"Its {what} was not written: {error}"


def _label(name: str) -> str:
    return FIELDS[name].lower()


def _outcome(written: Written, *, dry: bool) -> Outcome:
    changes = [
        f"{_label(name)} “{after}” instead of “{before}”" if before else f"{_label(name)} “{after}”"
        for name, (before, after) in written.done.items()
    ]
    said = []
    if changes:
        said.append(("Would be written: " if dry else "Written: ") + ", ".join(changes) + ".")
    elif not written.problems:
        said.append("It says all of this already.")
    detail = {"written": {name: list(values) for name, values in written.done.items()}}
    return Outcome(not written.problems, " ".join([*said, *written.problems]), detail)


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
