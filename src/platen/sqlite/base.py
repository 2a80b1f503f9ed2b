"""The backend itself: a turn is taken before a transaction begins and given back when it ends."""

from __future__ import annotations

from collections.abc import Iterable
from typing import Any

from django.db.backends.sqlite3 import base
from django.db.utils import OperationalError

from platen.sqlite.turns import Turns

_READS = ("SELECT", "PRAGMA", "EXPLAIN", "SAVEPOINT", "RELEASE", "ROLLBACK")
_turns: dict[str, Turns] = {}


class DatabaseWrapper(base.DatabaseWrapper):
    """A connection whose writers queue with those of this process; other processes are waited for as SQLite does."""

    _has_turn = False

    def create_cursor(self, name: str | None = None) -> Any:
        """A cursor that takes a turn for a single statement outside a transaction."""
        cursor = self.connection.cursor(factory=TurnCursor)
        cursor.wrapper = self
        return cursor

    def take_turn(self) -> None:
        """Wait to write. Raises: OperationalError, as SQLite itself does when the lock does not come free."""
        if not self._turns.take(self.settings_dict["OPTIONS"].get("timeout", 5)):
            raise OperationalError("database is locked")
        self._has_turn = True

    def give_turn(self) -> None:
        """Let the next one write."""
        if self._has_turn:
            self._has_turn = False
            self._turns.give()

    @property
    def _turns(self) -> Turns:
        return _turns.setdefault(str(self.settings_dict["NAME"]), Turns())

    def _start_transaction_under_autocommit(self) -> None:
        self.take_turn()
        try:
            super()._start_transaction_under_autocommit()  # type: ignore[misc]  # left out of Django's stubs
        except BaseException:
            self.give_turn()
            raise

    def _commit(self) -> None:
        super()._commit()  # type: ignore[misc]  # left out of Django's stubs
        self.give_turn()

    def _rollback(self) -> None:
        try:
            super()._rollback()  # type: ignore[misc]  # left out of Django's stubs
        finally:
            self.give_turn()

    def _close(self) -> None:
        try:
            super()._close()  # type: ignore[misc]  # left out of Django's stubs
        finally:
            self.give_turn()


class TurnCursor(base.SQLiteCursorWrapper):
    """Executes; a statement that writes on its own has a turn of its own."""

    wrapper: DatabaseWrapper

    def execute(self, query: str, params: Any = None) -> Any:
        if not self._alone(query):
            return super().execute(query, params)
        self.wrapper.take_turn()
        try:
            return super().execute(query, params)
        finally:
            self.wrapper.give_turn()

    def executemany(self, query: str, param_list: Iterable[Any]) -> Any:
        if not self._alone(query):
            return super().executemany(query, param_list)
        self.wrapper.take_turn()
        try:
            return super().executemany(query, param_list)
        finally:
            self.wrapper.give_turn()

    def _alone(self, query: str) -> bool:
        wrapper = self.wrapper
        return not wrapper._has_turn and not self.connection.in_transaction and not query.startswith(_READS)
