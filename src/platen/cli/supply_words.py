"""How much of a supply is left, in the same words wherever a command says it."""

from __future__ import annotations


def left(percent: int | None, state: str, *, receptacle: bool = False) -> str:
    """Of what is used up what is left, of what fills the room; without a measure what is known."""
    if percent is None:
        return state
    return f"{percent} % of room" if receptacle else f"{percent} %"
