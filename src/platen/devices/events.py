"""What devices and queues tell others."""

from __future__ import annotations

from django.dispatch import Signal

# sender: Queue; queue. After the transaction that added, changed or removed it: listeners open or close their ports.
queues_changed = Signal()
# sender: Device; device. After the transaction that added, changed or removed it.
devices_changed = Signal()
# sender: Device; device, before. Before a row with another URI is written; `before` is the old one, empty for a new
# device. A receiver that does not let whoever asks use the new one raises InvalidValue.
device_addressing = Signal()
# sender: Device; device. Before the row goes, inside the transaction; a receiver that still needs it raises InUse.
device_removing = Signal()
