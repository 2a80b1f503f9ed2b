"""How devices are is known without anybody printing."""

from __future__ import annotations

from platen.demo.printers import VirtualIppPrinter
from platen.devices.models import DeviceState, QueueKind
from platen.devices.queries import devices_to_ask
from platen.devices.services import add_queue
from tests.peers.rawprinter import refusing_port
from tests.services.output.conftest import ADMIN, Office


async def test_first_round_finds_every_device(office: Office) -> None:
    """After the start each device's state is known: ready, in trouble with the reason, or not answering. SC-PUSH-15"""
    async with VirtualIppPrinter() as good, VirtualIppPrinter() as jammed:
        await jammed.engine.set_trouble("media-jam-error")
        ready = await office.device(good.uri, "Good")
        stuck = await office.device(jammed.uri, "Jammed")
        gone = await office.device(f"socket://127.0.0.1:{refusing_port()}", "Gone")
        await office.output.stop(1)
        await office.start()
        shown = await office.until_device(ready, lambda device: device.state == DeviceState.IDLE)
        assert (shown.make_and_model, shown.needs_attention) == ("Platen Virtual Printer", False)
        assert "application/pdf" in shown.document_formats
        shown = await office.until_device(stuck, lambda device: device.state == DeviceState.STOPPED)
        assert (shown.state_reasons, shown.needs_attention) == (["media-jam-error"], True)
        shown = await office.until_device(gone, lambda device: device.state == DeviceState.STOPPED)
        assert shown.state_reasons == ["offline-report"]
        assert "refuses connections" in shown.state_message


async def test_a_machine_that_is_only_looked_after_is_not_asked(office: Office) -> None:
    """A printer that was found and gets no documents from here is left to the fleet's thrifty reading; once a queue
    sends to it, it is asked like any other. SC-PUSH-15"""
    async with VirtualIppPrinter() as found, VirtualIppPrinter() as used:
        looked_after = await office.device(found.uri, "Found", takes_documents=False)
        ready = await office.device(used.uri, "Used")
        await office.output.stop(1)
        await office.start()
        await office.until_device(ready, lambda device: device.state == DeviceState.IDLE)
        assert [each.device_id for each in await office.do(devices_to_ask)] == [ready.id]
        assert (await office.until_device(looked_after, bool)).state == DeviceState.UNKNOWN
        await office.do(add_queue, "to-it", QueueKind.PUSH, by=ADMIN, device=looked_after)
        assert {each.device_id for each in await office.do(devices_to_ask)} == {ready.id, looked_after.id}
