"""Calling the applications' synchronous verbs from asyncio: a few threads, each with its own database connection."""

from __future__ import annotations

import asyncio
import threading
from collections.abc import Callable
from concurrent.futures import ThreadPoolExecutor
from typing import ParamSpec, TypeVar

from django.db import DEFAULT_DB_ALIAS, InterfaceError, OperationalError, connections
from django.db.backends.base.base import BaseDatabaseWrapper

from platen.tenants.context import acting_for

P = ParamSpec("P")
R = TypeVar("R")


class Database:
    """Runs verbs and reads in threads that keep their connections open."""

    def __init__(self, threads: int = 8) -> None:
        self._threads = ThreadPoolExecutor(threads, thread_name_prefix="database")
        self._opened: dict[int, BaseDatabaseWrapper] = {}  # by thread

    async def run(self, tenant_id: int, function: Callable[P, R], *args: P.args, **kwargs: P.kwargs) -> R:
        """Call a function for one tenant; its exceptions come through."""
        return await asyncio.get_running_loop().run_in_executor(
            self._threads, lambda: self._for_tenant(tenant_id, function, *args, **kwargs)
        )

    async def run_for_node(self, function: Callable[P, R], *args: P.args, **kwargs: P.kwargs) -> R:
        """Call a function that chooses tenants itself or looks at the whole node."""
        return await asyncio.get_running_loop().run_in_executor(
            self._threads, lambda: self._call(function, *args, **kwargs)
        )

    def close(self) -> None:
        """Let the threads finish and close their connections."""
        self._threads.shutdown(wait=True)
        for connection in self._opened.values():
            connection.inc_thread_sharing()  # its own thread is gone
            connection.close()
        self._opened.clear()

    def _for_tenant(self, tenant_id: int, function: Callable[P, R], *args: P.args, **kwargs: P.kwargs) -> R:
        with acting_for(tenant_id):
            return self._call(function, *args, **kwargs)

    def _call(self, function: Callable[P, R], *args: P.args, **kwargs: P.kwargs) -> R:
        self._opened[threading.get_ident()] = connections[DEFAULT_DB_ALIAS]
        return with_connection(function, *args, **kwargs)


def with_connection(function: Callable[P, R], *args: P.args, **kwargs: P.kwargs) -> R:
    """Call; when the database is gone, drop the broken connection, so that the next call makes a new one."""
    try:
        return function(*args, **kwargs)
    except (OperationalError, InterfaceError):
        for connection in connections.all(initialized_only=True):
            if not connection.in_atomic_block:
                connection.close_if_unusable_or_obsolete()
        raise
