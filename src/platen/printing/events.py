"""What printing tells others. Where nothing else is said, receivers run inside the transaction that makes it true."""

from __future__ import annotations

from django.dispatch import Signal

# sender: Delivery; delivery: the ended Delivery with its job, device and user loaded. Sent once a delivery, in the
# transaction that ends it, so that what listens (usage, money) is true exactly when the delivery is.
delivery_ended = Signal()
# sender: Job; job, facts: the DocumentFacts just noted of the job, which may have been delivered meanwhile.
facts_known = Signal()
# sender: Job; job, by: the Actor who deleted it.
job_deleted = Signal()
# sender: Device; tenant_id, device_id: a device has something to print. Sent after the commit, in the thread that made
# it, so that a node that delivers can begin at once. Other nodes and processes find out by looking.
jobs_released = Signal()
# sender: Delivery; plan: the Plan of a delivery that a transaction has written and will commit. Sent in its thread. A
# node whose device has nothing else to do answers with a leaving.Departure; then jobs_released is not sent.
delivery_leaving = Signal()
