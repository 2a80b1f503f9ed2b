"""Verbs on people and what identifies them."""

from __future__ import annotations

from platen.directory.cards import (
    add_card,
    change_card_validity,
    generate_id_code,
    generate_own_code,
    make_permanent,
    remove_card,
    remove_expired_cards,
)
from platen.directory.first_print import create_at_first_print
from platen.directory.people import (
    add_alias,
    change_user,
    create_user,
    default_user,
    delete_user,
    make_default_user,
    remove_alias,
    unlock_user,
)
from platen.directory.pins import change_own_pin, random_pin, set_pin
from platen.directory.puks import clear_puk, generate_puk, open_puk, register_card_with_puk
from platen.directory.self_registration import register_own_card

__all__ = [
    "add_alias",
    "add_card",
    "change_card_validity",
    "change_own_pin",
    "change_user",
    "clear_puk",
    "create_at_first_print",
    "create_user",
    "default_user",
    "delete_user",
    "generate_id_code",
    "generate_own_code",
    "generate_puk",
    "make_default_user",
    "make_permanent",
    "open_puk",
    "random_pin",
    "register_card_with_puk",
    "register_own_card",
    "remove_alias",
    "remove_card",
    "remove_expired_cards",
    "set_pin",
    "unlock_user",
]
