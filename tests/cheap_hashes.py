"""Passwords and PINs that cost next to nothing to hash.

Five people with a password, as most tests of the console have, took a fifth of a second of hashing each time. Servers
that tests start hash at the real cost.
"""

from __future__ import annotations

from platen.directory import argon2_cost

REAL_COST = (argon2_cost.MEMORY_KIB, argon2_cost.TIME_COST, argon2_cost.PARALLELISM)
argon2_cost.MEMORY_KIB, argon2_cost.TIME_COST = 8, 1
COST = f"m={argon2_cost.MEMORY_KIB},t={argon2_cost.TIME_COST},p={argon2_cost.PARALLELISM}"
