"""What a question to a device can end in, other than an answer.

SnmpFailed
├── NoAnswer    nothing came: nobody there, SNMP off, wrong community (agents are silent about it), a filter
│   └── NameUnknown   there is no address to ask: the name leads to none
├── Refused     the device answered that it will not: user, key or rights
└── BadAnswer   something came that is no answer, or the device reported an error of its own
"""

from __future__ import annotations

from platen.services.collect.snmp_targets import Traffic


class SnmpFailed(Exception):
    """The text is a sentence for a person; `traffic` is what the attempt cost."""

    def __init__(self, sentence: str, traffic: Traffic | None = None) -> None:
        super().__init__(sentence)
        self.traffic = traffic if traffic is not None else Traffic()


class NoAnswer(SnmpFailed):
    """`unreachable` if the network itself said that nobody is there, rather than time having passed."""

    def __init__(self, sentence: str, traffic: Traffic | None = None, *, unreachable: bool = False) -> None:
        super().__init__(sentence, traffic)
        self.unreachable = unreachable


class NameUnknown(NoAnswer):
    """The name cannot be looked up, so that nothing was asked."""


class Refused(SnmpFailed):
    """The device is there and knows SNMP, but not for us."""


class BadAnswer(SnmpFailed):
    """`error_status` is the device's own (RFC 3416 section 3), 0 where the answer could not be read."""

    def __init__(self, sentence: str, traffic: Traffic | None = None, *, error_status: int = 0) -> None:
        super().__init__(sentence, traffic)
        self.error_status = error_status
