"""Why something did not get home.

NotDelivered       it may the next time
└── Unbelieved     something answered that is not home: a page to sign in, somebody in between
"""

from __future__ import annotations


class NotDelivered(Exception):
    """A sentence for a person, with what to do."""


class Unbelieved(NotDelivered):
    """The answer is not signed with the collector's key."""
