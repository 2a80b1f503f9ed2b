"""Many machines at once: addresses one after the other, and for each what makes it different from the others."""

from __future__ import annotations

from collections.abc import Iterator, Sequence

from platen.demo.fleet.machine import Machine, Model

MACHINES_A_NETWORK = 250
_NETWORKS = 250
_SPREAD = 2_654_435_761  # scatters neighbouring numbers (Knuth, The Art of Computer Programming, section 6.4)
_DAY_S = 86_400.0


def address(number: int, second: int = 10) -> str:
    """127.10.0.1, 127.10.0.2 … 127.10.0.250, 127.10.1.1 …: never the first or the last address of a /24."""
    network, host = divmod(number, MACHINES_A_NETWORK)
    return f"127.{second + network // _NETWORKS}.{network % _NETWORKS}.{host + 1}"


def machine(number: int, model: Model) -> Machine:
    """The machine of that number: the same in every run."""
    chance = number * _SPREAD & 0xFFFFFFFF
    return Machine(
        number,
        model,
        serial=f"{model.name[:3].upper()}{number:07d}".encode(),
        mac=b"\x02\x50" + number.to_bytes(4, "big"),
        host_name=f"prn-{number:05d}".encode(),
        pages_begun=float(1000 + chance % 900_000),
        pages_per_s=0.02 + (chance >> 8) % 100 / 400,
        switched_on_at=-float(chance % 90) * _DAY_S / 2,
    )


def machines(count: int, models: Sequence[Model], second: int = 10) -> Iterator[tuple[str, Machine]]:
    """So many, their models in turn, each with its address."""
    for number in range(count):
        yield address(number, second), machine(number, models[number % len(models)])
