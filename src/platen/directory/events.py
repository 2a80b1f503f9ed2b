"""What the directory tells others. Receivers run inside the transaction that makes it true."""

from __future__ import annotations

from django.dispatch import Signal

# sender: User; user, by: Actor. Sent once the person exists, whatever the way in.
user_created = Signal()
# sender: User; user, by: Actor. Sent before the row goes, so that jobs of theirs can be found and canceled.
user_deleting = Signal()
# sender: User; user, puk: str, by: Actor. For the message that brings the PUK to its person; never for a log.
puk_generated = Signal()
