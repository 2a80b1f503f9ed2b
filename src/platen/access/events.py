"""What access tells others."""

from __future__ import annotations

from django.dispatch import Signal

# sender: PanelSession; device_id, user. Inside the transaction that opens the session.
session_opened = Signal()
# sender: PanelSession; device_id, user_id. Inside the transaction that ends it, by signing out, time-out or another
# person's arrival: jobs that waited for the device may go on.
session_closed = Signal()
