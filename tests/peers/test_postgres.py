"""PostgreSQL as a peer: a server of the tests' own, and databases that come and go."""

from __future__ import annotations

import psycopg
import pytest

from tests.peers.postgres import main, new_database, postgres


@pytest.mark.peer
class TestServer:
    def test_databases_come_and_go(self) -> None:
        """A new database can be written to, and is gone afterwards even with somebody connected."""
        with postgres() as server:
            with new_database(server.url(), "first") as url:
                held = psycopg.connect(url, autocommit=True)
                held.execute("CREATE TABLE sheet (number integer)")
            with pytest.raises(psycopg.OperationalError):
                held.execute("SELECT 1")
            held.close()
            with pytest.raises(psycopg.OperationalError, match="does not exist"):
                psycopg.connect(server.url("first"))

    def test_command_gets_the_database_and_its_exit_code_counts(self) -> None:
        """A failing command fails the run on PostgreSQL."""
        assert main(["sh", "-c", 'case "$PLATEN_DATABASE" in postgresql://*) exit 7;; esac']) == 7
