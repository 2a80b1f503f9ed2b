"""What devices and queues tell others."""

from __future__ import annotations

from django.dispatch import Signal

# sender: Queue; queue. After the transaction that added, changed or removed it: listeners open or close their ports.
queues_changed = Signal()
# sender: Device; device. After the transaction that added, changed or removed it.
devices_changed = Signal()
# sender: Device; devices. Inside the transaction that added many at once: they have keys, and no post_save was sent.
devices_added = Signal()
# sender: Device; device, before. Before a row with another URI is written; `before` is the old one, empty for a new
# device. A receiver that does not let whoever asks use the new one raises InvalidValue.
device_addressing = Signal()
# sender: Device; device. Asked where what a device says of itself asks for nobody: a receiver that knows of other
# trouble of it answers True.
device_troubled = Signal()
# sender: Device; devices. Before the rows go, inside the transaction; a receiver that still needs one raises InUse.
devices_removing = Signal()
