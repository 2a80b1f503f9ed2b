"""What printing tells others. Receivers run inside the transaction that makes it true."""

from __future__ import annotations

from django.dispatch import Signal

# sender: Delivery; delivery: the ended Delivery with its job, device and user loaded. Sent once a delivery, in the
# transaction that ends it, so that what listens (usage, money) is true exactly when the delivery is.
delivery_ended = Signal()
# sender: Job; job, by: the User who deleted it, or None for the system.
job_deleted = Signal()
