"""How devices are is known without anybody printing."""

from __future__ import annotations

from platen.demo.printers import VirtualIppPrinter
from platen.devices.models import DeviceState
from tests.peers.rawprinter import refusing_port
from tests.services.output.conftest import Office


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
