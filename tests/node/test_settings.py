"""The node's settings: where they come from, and what a wrong one says."""

from __future__ import annotations

import os
from dataclasses import fields
from pathlib import Path

import pytest

from platen.database import connection_settings
from platen.settings import Settings, SettingsError, load


def load_with(folder: Path, toml: str = "", **environ: str) -> Settings:
    (folder / "platen.toml").write_text(toml)
    return load({"PLATEN_DATA": str(folder), **environ})[0]


def test_every_setting_is_documented() -> None:
    """Each setting has a line that says what it is for."""
    for each in fields(Settings):
        doc = each.metadata["doc"]
        assert len(doc) > 20, each.name
        assert doc[0].isupper() or doc.startswith(("debug", "TOML")), f"{each.name}: {doc}"


def test_without_anything_there_are_defaults(tmp_path: Path) -> None:
    """A node needs no configuration: port 8631, SQLite in the data directory. SC-PORT-08 EMC-ARCH-02"""
    settings = load_with(tmp_path)
    assert settings.port == 8631
    assert settings.reader_port == 5420
    assert settings.database_url == f"sqlite://{tmp_path.resolve() / 'platen.sqlite3'}"
    assert settings.service_names == {"console", "print", "panel", "output", "work", "collect"}


def test_any_folder_can_be_the_data_directory(tmp_path: Path) -> None:
    """A data directory with spaces and signs in its name has its database inside."""
    folder = tmp_path / "what? 100% #1"
    folder.mkdir()
    assert connection_settings(load_with(folder).database_url)["NAME"] == str(folder.resolve() / "platen.sqlite3")


def test_environment_wins_over_file_wins_over_default(tmp_path: Path) -> None:
    """A setting comes from the environment, else the file, else its default, and says so."""
    (tmp_path / "platen.toml").write_text('port = 9000\nlog_level = "debug"\n')
    settings, origins = load({"PLATEN_DATA": str(tmp_path), "PLATEN_PORT": "9001"})
    source = {origin.name: origin.source for origin in origins}
    assert (settings.port, source["port"]) == (9001, "environment PLATEN_PORT")
    assert (settings.log_level, source["log_level"]) == ("debug", str(tmp_path / "platen.toml"))
    assert (settings.lpd_port, source["lpd_port"]) == (8515, "default")
    assert [origin.name for origin in origins] == [each.name for each in fields(Settings)]


def test_the_database_address_is_a_secret() -> None:
    """What may hold a password is marked, so that nobody shows it."""
    _, origins = load({})
    assert [origin.name for origin in origins if origin.secret] == ["database"]


@pytest.mark.parametrize(
    ("written", "value"), [("true", True), ("YES", True), ("1", True), ("off", False), ("0", False), ("", False)]
)
def test_switches_are_read_as_people_write_them(tmp_path: Path, written: str, value: bool) -> None:
    """A switch takes true, yes, on, 1 and their opposites, in any case."""
    assert load_with(tmp_path, PLATEN_DNSSD=written).dnssd is value


def test_toml_types_are_taken(tmp_path: Path) -> None:
    """Numbers, switches, texts and paths in the file mean what they say."""
    settings = load_with(tmp_path, 'dnssd = false\noutput_retry_s = 2\ntls_port = -1\nbind = "::"\n')
    assert (settings.dnssd, settings.output_retry_s, settings.tls_port, settings.bind) == (False, 2.0, -1, "::")


def test_a_home_directory_is_found(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    """~ in PLATEN_DATA is the user's home, also for the file with the settings."""
    monkeypatch.setenv("HOME", str(tmp_path))
    (tmp_path / "platen").mkdir()
    (tmp_path / "platen" / "platen.toml").write_text("port = 9000\n")
    settings, _ = load({"PLATEN_DATA": "~/platen"})
    assert (settings.data, settings.port) == (tmp_path / "platen", 9000)


@pytest.mark.parametrize(
    ("environ", "sentence"),
    [
        ({"PLATEN_PORT": "http"}, r"PLATEN_PORT='http' in the environment cannot be used. Write a whole number"),
        ({"PLATEN_PORT": "70000"}, "port=70000 is not a port. Write 1 to 65535, 0 for a free one, -1 for off"),
        ({"PLATEN_RAW_PORT": "8515"}, "lpd_port and raw_port are both 8515. Give each a port of its own"),
        ({"PLATEN_OUTPUT_RETRY_S": "2s"}, "Write a number, for example 2.5"),
        ({"PLATEN_OUTPUT_RETRY_S": "0"}, "is no time to wait. Write a number of seconds above 0"),
        ({"PLATEN_IDLE_TIMEOUT_S": "nan"}, "is no time to wait"),
        ({"PLATEN_IDLE_TIMEOUT_S": "inf"}, "is no time to wait"),
        ({"PLATEN_DNSSD": "perhaps"}, "Write true or false"),
        (
            {"PLATEN_SERVICES": "print,fax"},
            "services: fax unknown. Known: collect, console, output, panel, print, work",
        ),
        ({"PLATEN_SERVICES": " , "}, "services names none. Write one or more of collect, console, output"),
        ({"PLATEN_LOG_LEVEL": "loud"}, "log_level='loud' is unknown. Write debug, info, warning or error"),
        ({"PLATEN_CONNECTIONS_MAX": "0"}, "connections_max=0 is too small. Write 1 or more"),
        ({"PLATEN_DOCUMENT_BYTES_MAX": "-1"}, "document_bytes_max=-1 is too small"),
        ({"PLATEN_TLS_KEY": "/key.pem"}, "tls_certificate and tls_key belong together. Set both"),
        ({"PLATEN_PUBLIC_URL": "print.example.org"}, "is no address. Write https://print.example.org"),
        ({"PLATEN_CONFIG": "/nowhere/platen.toml"}, "PLATEN_CONFIG names /nowhere/platen.toml, which is not a file"),
    ],
    ids=lambda value: next(iter(value)) if isinstance(value, dict) else "",
)
def test_a_wrong_setting_says_what_to_write(tmp_path: Path, environ: dict[str, str], sentence: str) -> None:
    """A setting that cannot be used stops the start with its name, what is wrong and how to write it."""
    with pytest.raises(SettingsError) as error:
        load_with(tmp_path, **environ)
    assert sentence in str(error.value)


def test_an_empty_data_directory_is_not_the_current_one(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    """PLATEN_DATA without a value is refused rather than read as wherever the command happens to run."""
    monkeypatch.chdir(tmp_path)
    with pytest.raises(SettingsError, match=r"PLATEN_DATA='' in the environment cannot be used. Write a path"):
        load({"PLATEN_DATA": ""})


@pytest.mark.parametrize(
    ("toml", "sentence"),
    [
        ("port: 8631", "is not TOML"),
        ("prot = 8631", "prot: no such setting. Known: data, config, bind, port"),
        ("port = [8631]", "cannot be a list or a table. Write a whole number"),
        ("[port]\nhttp = 8631", "cannot be a list or a table"),
        ("port = 8631.5", "Write a whole number, for example 8631"),
    ],
)
def test_a_wrong_file_says_where(tmp_path: Path, toml: str, sentence: str) -> None:
    """A file with a mistake is named, with what to write instead."""
    with pytest.raises(SettingsError) as error:
        load_with(tmp_path, toml)
    assert sentence in str(error.value)
    assert str(tmp_path / "platen.toml") in str(error.value)


def test_a_file_that_is_no_text_is_named(tmp_path: Path) -> None:
    """A settings file in another encoding, or a folder in its place, gives a sentence and no traceback."""
    (tmp_path / "platen.toml").write_bytes(b'bind = "\xff\xfe"')
    with pytest.raises(SettingsError, match="is not UTF-8 text"):
        load({"PLATEN_DATA": str(tmp_path)})
    (tmp_path / "platen.toml").unlink()
    (tmp_path / "platen.toml").mkdir()
    with pytest.raises(SettingsError, match="cannot be read: Is a directory"):
        load({"PLATEN_DATA": str(tmp_path)})


@pytest.mark.skipif(os.geteuid() == 0, reason="root may read every file; run the suite as another user")
def test_a_file_that_may_not_be_read_is_named(tmp_path: Path) -> None:
    """A settings file without read permission gives a sentence and no traceback."""
    (tmp_path / "platen.toml").write_text("port = 9000")
    (tmp_path / "platen.toml").chmod(0)
    with pytest.raises(SettingsError, match="Let the server's user read it"):
        load({"PLATEN_DATA": str(tmp_path)})


class TestDatabase:
    """The database's address."""

    def test_postgresql_with_everything(self) -> None:
        """User, password, host, port, name and options are taken from the address, unquoted."""
        made = connection_settings("postgresql://plat%40en:p%2Fw@db.example.org:5433/print?sslmode=require")
        assert (made["USER"], made["PASSWORD"], made["HOST"], made["PORT"], made["NAME"]) == (
            "plat@en",
            "p/w",
            "db.example.org",
            "5433",
            "print",
        )
        assert made["OPTIONS"] == {"connect_timeout": 5, "sslmode": "require"}

    def test_postgresql_by_a_socket(self) -> None:
        """A folder as host, given as an option, reaches a server by its Unix socket."""
        assert connection_settings("postgresql:///platen?host=/run/postgresql")["HOST"] == "/run/postgresql"

    def test_sqlite_keeps_what_it_acknowledged(self, tmp_path: Path) -> None:
        """SQLite syncs fully and begins its transactions with the lock that they need."""
        made = connection_settings(f"sqlite://{tmp_path}/a%20b.sqlite3")
        assert made["NAME"] == str(tmp_path / "a b.sqlite3")
        assert connection_settings(f"sqlite:///{tmp_path}/b")["NAME"] == str(tmp_path / "b")
        options = made["OPTIONS"]
        assert isinstance(options, dict)
        assert options["transaction_mode"] == "IMMEDIATE"
        assert "synchronous=FULL" in options["init_command"]

    @pytest.mark.parametrize(
        "url", ["mysql://root:secret@host/db", "user:secret@host/name", "secret", "sqlite://relative", "sqlite://",
                "postgresql://user:secret@host:port/name"],
    )  # fmt: skip
    def test_what_cannot_be_used_is_refused_without_showing_its_password(self, url: str) -> None:
        """An address that cannot be used says how to write one, and keeps the password to itself."""
        with pytest.raises(SettingsError, match="Write sqlite:///path/of/the/file or postgresql://user") as error:
            connection_settings(url)
        assert "secret" not in str(error.value)
