"""What can end a request early.

RequestEnded
    ClientGone        the client closed the connection before its request was whole: there is nobody to answer
    BodyTimeout       it sends too slowly, or has stopped
    NotSignedIn       it gave a name and password that are not right; the answer is HTTP's 401
"""

from __future__ import annotations


class RequestEnded(Exception):
    """A request that gets no IPP answer."""


class ClientGone(RequestEnded):
    """The client closed the connection inside its request."""


class BodyTimeout(RequestEnded):
    """The client was too slow."""


class NotSignedIn(RequestEnded):
    """The credentials are wrong, or there were too many wrong ones; the text is for a person."""
