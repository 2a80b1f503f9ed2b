"""What the IPP tests arrange at a running node."""

from __future__ import annotations

from typing import Any

from platen.protocols.ipp import Operation
from tests.node_setup import TEST, add_person
from tests.peers.running import wait_until
from tests.running_node import RunningNode
from tests.services.ipp.client import ask, message


def add_queue(name: str, *, device: str = "", **values: Any) -> None:
    """A queue: of a device a push queue, else a pull queue. values: as add_queue of devices takes them."""
    from platen.devices.models import QueueKind
    from platen.devices.queries import device_by_name
    from platen.devices.services import add_queue as add

    behind = device_by_name(device) if device else None
    add(name, QueueKind.PUSH if device else QueueKind.PULL, by=TEST, device=behind, **values)


def add_person_with_password(logon: str, password: str) -> None:
    """Somebody who can sign in."""
    from platen.directory.models import User

    user = User.objects.get(id=add_person(logon))
    user.set_password(password)
    user.save()


def add_tenant(slug: str, host: str) -> None:
    """Another organisation with a queue of its own, called private."""
    from platen.devices.models import QueueKind
    from platen.devices.services import add_queue as add
    from platen.tenants.context import acting_for
    from platen.tenants.services import create_tenant

    made = create_tenant(slug.title(), slug, hosts=(host,))
    with acting_for(made.id):
        add("private", QueueKind.PULL, by=TEST)


def wait_for_queue(node: RunningNode, name: str, host: str = "127.0.0.1") -> None:
    """The node has heard of a queue that was just added."""
    asking = message(Operation.GET_PRINTER_ATTRIBUTES, queue=name)
    wait_until(lambda: ask(node, asking, host=host).ipp.is_success, f"queue {name}")


def unfinished(node: RunningNode) -> list[str]:
    """Files in the spool that no job has and that are not being written either, once the node has cleaned up."""
    return [path.name for path in (node.data / "spool" / "incoming").iterdir()]
