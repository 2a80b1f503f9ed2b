"""Passwords as argon2id hashes, at the same cost as PINs."""

from __future__ import annotations

from django.contrib.auth.hashers import Argon2PasswordHasher

from platen.directory import argon2_cost


class PasswordArgon2(Argon2PasswordHasher):
    """Django's own hasher with our cost. A hash made at another cost is renewed at the next sign-in."""

    time_cost = argon2_cost.TIME_COST
    memory_cost = argon2_cost.MEMORY_KIB
    parallelism = argon2_cost.PARALLELISM
