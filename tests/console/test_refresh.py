"""Pages on which something goes on bring themselves up to date, all of them in the same way."""

from __future__ import annotations

import re
from datetime import timedelta
from pathlib import Path

from django.conf import settings
from django.test import Client
from django.utils import timezone

from platen.fleet.due import BY_HAND
from platen.fleet.models import DiscoveryRun, Machine, Notice
from platen.tasks.models import Run
from tests.console.conftest import World
from tests.console.test_rights import address

TEMPLATES = Path(settings.BASE_DIR) / "console" / "templates"
ASKING = re.compile(r'data-refresh="(\d+)"')


def asks(client: Client, where: str) -> bool:
    """Whether a part of the page beside its head and what is always live is read again by itself."""
    page = client.get(where).content.decode()
    return any(seconds in {"2", "3", "4"} for seconds in ASKING.findall(page))


def test_there_is_one_way_in_which_pages_are_read_again() -> None:
    """Nothing asks by a clock of its own: whatever is read again says how often, and platen.js looks after it."""
    for path in TEMPLATES.rglob("*.html"):
        text = path.read_text(encoding="utf-8")
        assert "every " not in "".join(re.findall(r'hx-trigger="[^"]*"', text)), path.name
        assert text.count("data-refresh") == text.count("platen:refresh"), path.name


def test_lists_are_read_again_while_something_in_them_goes_on(world: World, admin: Client) -> None:
    """Searches, runs of tasks and notices that wait keep their lists up to date; what has ended does not."""
    Notice.objects.update(failed_at=None)
    pages = {name: address(name, world) for name in ("tasks", "discovery", "run", "search-run", "outbox")}
    assert [name for name, where in pages.items() if not asks(admin, where)] == []
    now = timezone.now()
    Run.objects.update(state="success", ended_at=now)
    DiscoveryRun.objects.update(state="done", ended_at=now)
    Notice.objects.update(sent_at=now)
    assert [name for name, where in pages.items() if asks(admin, where)] == []


def test_a_device_is_read_again_until_it_was_read(world: World, admin: Client) -> None:
    """After "Read now" the page and the list bring what came of it; then they rest."""
    machine, page = Machine.objects.filter(pk=world.device.pk), address("device", world)
    machine.update(due_at=BY_HAND)
    assert asks(admin, page)
    assert asks(admin, address("devices", world))
    part = admin.get(page).content.decode()
    assert 'id="read" hx-get=' in part
    assert 'hx-select="#read"' in part
    machine.update(due_at=timezone.now() + timedelta(hours=1))
    assert not asks(admin, page)
    assert not asks(admin, address("devices", world))
