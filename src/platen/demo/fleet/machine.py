"""One simulated machine: what it is called, how busy it is, and what is wrong with it at a moment."""

from __future__ import annotations

from dataclasses import dataclass, field

from platen.demo.fleet.access import PUBLIC, Access
from platen.demo.fleet.living import Level
from platen.demo.fleet.tree import Objects, Tree
from platen.demo.fleet.trouble import EVERYDAY, Trouble, supply_is_low, with_trouble
from platen.protocols.snmp.usm import Engine

COUNTER32_MASK = 2**32 - 1
LOOK_EVERY_S = 10.0  # of the fleet's clock: how long a state that was found is taken to last
TROUBLE_LASTS_S = 600.0
TROUBLE_SHARE = 0.1  # of the time
LOW = 0.08
_JOB_S = 60.0
_ENGINE_ID_OF_MAC = b"\x80\x00\x7e\xd9\x03"  # RFC 3411 section 5: enterprise 32473, and a MAC follows
_PRINTING_PERCENT = 15


@dataclass(slots=True)
class Model:
    """What all machines of a model have in common."""

    name: str
    objects: Objects
    troubles: tuple[Trouble, ...] = EVERYDAY
    supplies: tuple[tuple[Level, Trouble], ...] = ()
    """Each with what is reported when it is low."""
    trees: dict[Trouble | None, Tree] = field(default_factory=dict)

    @classmethod
    def of(cls, name: str, objects: Objects, troubles: tuple[Trouble, ...] = EVERYDAY) -> Model:
        """With the supplies that are among the objects."""
        levels = [(oid[-1], value) for oid, value in objects.items() if isinstance(value, Level) and value.name]
        return cls(name, objects, troubles, tuple((level, supply_is_low(at, level.name)) for at, level in levels))

    def tree(self, trouble: Trouble | None) -> Tree:
        """The state in which this is wrong; made when it first occurs."""
        found = self.trees.get(trouble)
        if found is None:
            found = self.trees[trouble] = Tree.of(with_trouble(self.objects, trouble) if trouble else self.objects)
        return found


@dataclass(slots=True)
class Machine:
    """Its times are seconds of the fleet's clock. number: makes it different from all others of its model."""

    number: int
    model: Model
    serial: bytes
    mac: bytes
    host_name: bytes
    place: bytes = b""
    pages_begun: float = 0.0
    pages_per_s: float = 0.0
    started_at: float = 0.0
    switched_on_at: float = 0.0
    access: Access = PUBLIC
    written: dict[str, bytes] = field(default_factory=dict)
    claimed: int = 0
    """Added to every count, whether such a number can be or not."""
    counts_for_s: float = 0.0
    """If not zero: after this time all counts are at nothing again."""
    engine_boots: int = 1
    engine_id: bytes = b""
    """Of SNMPv3; made of its MAC where nothing else is said."""
    reports: int = 0
    """How many it sent."""
    _salt: int = 0
    _tree: Tree | None = None
    _look_again_at: float = 0.0

    def __post_init__(self) -> None:
        self.engine_id = self.engine_id or _ENGINE_ID_OF_MAC + self.mac

    def engine(self, now: float) -> Engine:
        """How it is known to managers of SNMPv3 at this moment."""
        return Engine(self.engine_id, self.engine_boots, int(now - self.switched_on_at) & 0x7FFFFFFF)

    def next_salt(self) -> int:
        """Another one for each message."""
        self._salt += 1
        return self._salt

    def pages(self, now: float) -> float:
        """What it has counted, a part of the page that it prints included."""
        if self.counts_for_s:
            return self.pages_per_s * ((now - self.started_at) % self.counts_for_s)
        return self.pages_begun + self.pages_per_s * (now - self.started_at)

    def counted(self, pages: float) -> int:
        """As a Counter32, or what the machine claims."""
        return int(pages) + self.claimed if self.claimed else int(pages) & COUNTER32_MASK

    def is_printing(self, now: float) -> bool:
        """For some of the minutes."""
        return (int(now / _JOB_S) * 31 + self.number * 17) % 100 < _PRINTING_PERCENT

    def supply_begun(self, which: int) -> float:
        """How much of a supply was used up before anything was counted: 0 to 1."""
        return (self.number * 7919 + which * 104_729) % 1000 / 1000

    def trouble(self, now: float) -> Trouble | None:
        """What befell it, or the first supply that is low."""
        turn = int(now / TROUBLE_LASTS_S + self.number * 0.618)
        chance = (turn * 2_654_435_761 ^ self.number * 40_503) >> 7 & 0xFFFF
        if chance < TROUBLE_SHARE * 0x10000 and self.model.troubles:
            return self.model.troubles[chance % len(self.model.troubles)]
        return next((low for level, low in self.model.supplies if level.left(self, now) < LOW), None)

    def tree(self, now: float) -> Tree:
        """What it answers from at this moment."""
        if self._tree is None or now >= self._look_again_at:
            self._tree = self.model.tree(self.trouble(now))
            self._look_again_at = now + LOOK_EVERY_S
        return self._tree

    def restart(self, now: float) -> None:
        """Switch off and on."""
        self.switched_on_at = now
        self.engine_boots += 1
