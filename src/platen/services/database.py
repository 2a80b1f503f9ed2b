"""Calling the applications' synchronous verbs from asyncio: a few threads, each with its own database connection."""

from __future__ import annotations

import asyncio
import threading
from collections.abc import Callable
from concurrent.futures import ThreadPoolExecutor
from typing import ParamSpec, TypeVar

from django.db import DEFAULT_DB_ALIAS, InterfaceError, OperationalError, connections
from django.db.backends.base.base import BaseDatabaseWrapper

from platen.sqlite.turns import go_first
from platen.tenants.context import acting_for

STEP_BACK_S = 0.05

P = ParamSpec("P")
R = TypeVar("R")


class Database:
    """Runs verbs and reads in threads that keep their connections open.

    after: another one whose calls go first. While it has something to do, calls here begin a little later: threads
    share one interpreter, and a person at a printer should not wait for housekeeping. first: what is written here goes
    before what others write. mapped: connections keep the database's file in the process's address space; not where the
    whole of it is gone through again and again, since every page of it would count as this process's memory.
    """

    def __init__(
        self, threads: int = 8, *, after: Database | None = None, first: bool = False, mapped: bool = True
    ) -> None:
        self._after = after
        self._mapped = mapped
        self._busy = 0
        self._guard = threading.Lock()
        self._idle = threading.Event()
        self._idle.set()
        self._threads = ThreadPoolExecutor(
            threads, thread_name_prefix="database", initializer=go_first if first else None
        )
        self._opened: dict[int, BaseDatabaseWrapper] = {}  # by thread

    async def run(self, tenant_id: int, function: Callable[P, R], *args: P.args, **kwargs: P.kwargs) -> R:
        """Call a function for one tenant; its exceptions come through."""
        return await self._in_thread(lambda: self._for_tenant(tenant_id, function, *args, **kwargs))

    async def run_for_node(self, function: Callable[P, R], *args: P.args, **kwargs: P.kwargs) -> R:
        """Call a function that chooses tenants itself or looks at the whole node."""
        return await self._in_thread(lambda: self._call(function, *args, **kwargs))

    async def _in_thread(self, call: Callable[[], R]) -> R:
        self._count(+1)
        try:
            return await asyncio.get_running_loop().run_in_executor(self._threads, call)
        finally:
            self._count(-1)

    def close(self) -> None:
        """Let the threads finish and close their connections."""
        self._threads.shutdown(wait=True)
        closing = threading.Thread(target=self._close_connections)  # Django does not let an event loop's thread do it
        closing.start()
        closing.join()

    def _close_connections(self) -> None:
        for connection in self._opened.values():
            connection.inc_thread_sharing()  # its own thread is gone
            connection.close()
        self._opened.clear()

    def _for_tenant(self, tenant_id: int, function: Callable[P, R], *args: P.args, **kwargs: P.kwargs) -> R:
        with acting_for(tenant_id):
            return self._call(function, *args, **kwargs)

    def _call(self, function: Callable[P, R], *args: P.args, **kwargs: P.kwargs) -> R:
        if threading.get_ident() not in self._opened:
            self._opened[threading.get_ident()] = self._connection()
        if self._after is not None:
            self._after.wait_until_idle()
        return with_connection(function, *args, **kwargs)

    def _connection(self) -> BaseDatabaseWrapper:
        """This thread's own."""
        connection = connections[DEFAULT_DB_ALIAS]
        if not self._mapped and connection.vendor == "sqlite":
            with connection.cursor() as cursor:
                cursor.execute("PRAGMA mmap_size=0")
        return connection

    def wait_until_idle(self) -> None:
        """Return when nothing is asked here, or after STEP_BACK_S: stepping back must not become standing still."""
        self._idle.wait(STEP_BACK_S)

    def _count(self, change: int) -> None:
        with self._guard:
            self._busy += change
            if self._busy:
                self._idle.clear()
            else:
                self._idle.set()


def with_connection(function: Callable[P, R], *args: P.args, **kwargs: P.kwargs) -> R:
    """Call; when the database is gone, drop the broken connection, so that the next call makes a new one."""
    try:
        return function(*args, **kwargs)
    except (OperationalError, InterfaceError):
        for connection in connections.all(initialized_only=True):
            if not connection.in_atomic_block:
                connection.close_if_unusable_or_obsolete()
        raise
