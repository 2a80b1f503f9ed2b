"""Writers of one process take turns on SQLite."""

from __future__ import annotations

import sqlite3
import threading
from pathlib import Path

import pytest
from django.db import IntegrityError, OperationalError, connection, transaction

from platen.sqlite.turns import Turns, go_first
from platen.tenants.models import Tenant

needs_sqlite = pytest.mark.skipif("connection.vendor != 'sqlite'", reason="only SQLite has one writer at a time")


class TestTurns:
    def test_whoever_waits_longest_is_next(self) -> None:
        """A turn that is given back goes to the one who asked first, not to whoever is quickest."""
        turns, order = Turns(), []
        assert turns.take(1)

        def wait(name: str) -> None:
            turns.take(10)
            order.append(name)
            turns.give()

        threads = []
        for name in ("first", "second", "third"):
            before = len(turns._waiting)
            thread = threading.Thread(target=wait, args=(name,))
            thread.start()
            threads.append(thread)
            while len(turns._waiting) == before:
                pass
        turns.give()
        for thread in threads:
            thread.join()
        assert order == ["first", "second", "third"]

    def test_who_goes_first_does(self) -> None:
        """A thread that people wait for is next, however many others asked before it; then these go on in order."""
        turns, order = Turns(), []
        assert turns.take(1)

        def wait(name: str) -> None:
            if name == "person":
                go_first()
            turns.take(10)
            order.append(name)
            turns.give()

        threads = []
        for name in ("housekeeping", "more of it", "person"):
            before = len(turns._waiting) + len(turns._waiting_first)
            thread = threading.Thread(target=wait, args=(name,))
            thread.start()
            threads.append(thread)
            while len(turns._waiting) + len(turns._waiting_first) == before:
                pass
        turns.give()
        for thread in threads:
            thread.join()
        assert order == ["person", "housekeeping", "more of it"]

    def test_a_turn_that_does_not_come_is_given_up(self) -> None:
        """Who waits too long gets no turn, and later ones are not kept waiting for it."""
        turns = Turns()
        assert turns.take(1)
        assert not turns.take(0.01)
        turns.give()
        assert turns.take(1)


@needs_sqlite
@pytest.mark.django_db(transaction=True)
class TestBackend:
    def test_threads_that_write_at_once_all_get_through(self) -> None:
        """Twenty threads that write in transactions and alone never meet a locked database."""
        failures: list[Exception] = []

        def write(number: int) -> None:
            try:
                with transaction.atomic():
                    made = Tenant.objects.create(name=f"T{number}", slug=f"t{number}")
                    Tenant.objects.filter(id=made.id).update(name="inside")
                Tenant.objects.filter(id=made.id).update(name="alone")
            except OperationalError as error:
                failures.append(error)
            finally:
                connection.close()

        threads = [threading.Thread(target=write, args=(number,)) for number in range(20)]
        for thread in threads:
            thread.start()
        for thread in threads:
            thread.join()
        assert failures == []
        assert Tenant.objects.filter(name="alone").count() == 20

    def test_a_failed_transaction_gives_its_turn_back(self) -> None:
        """After a transaction that was rolled back the next one begins at once."""
        with pytest.raises(IntegrityError):
            self.write_twice("gone")
        Tenant.objects.create(name="next", slug="next")
        assert list(Tenant.objects.values_list("slug", flat=True)) == ["next"]

    @transaction.atomic
    def write_twice(self, slug: str) -> None:
        """The second row is refused, and with it the first."""
        Tenant.objects.create(name="first", slug=slug)
        Tenant.objects.create(name="second", slug=slug)

    def test_another_process_is_waited_for(self) -> None:
        """A writer outside this process is waited for as SQLite does, and its lock is respected."""
        other = sqlite3.connect(
            Path(str(connection.settings_dict["NAME"])), isolation_level=None, check_same_thread=False
        )
        other.execute("BEGIN IMMEDIATE")
        released = threading.Timer(0.2, other.execute, args=("ROLLBACK",))
        released.start()
        Tenant.objects.create(name="patient", slug="patient")
        released.join()
        other.close()
        assert Tenant.objects.filter(slug="patient").exists()
