"""`platen fleet credentials`, and what a search is told to ask with: secrets go in and never come out."""

from __future__ import annotations

from pathlib import Path

import pytest

from platen.cli import fleet_credentials
from platen.cli.refusal import Refusal
from platen.cli.search_credentials import asked_with
from platen.cli.secrets_given import Secrets, secrets_in
from platen.cli.snmp_options import communities_of, user_values
from platen.eventlog.models import AuditEntry
from platen.fleet.credentials import CredentialValues, add_credential, secrets_of
from platen.fleet.models import Credential, Machine
from platen.tenants.models import Tenant
from tests.cli.own_database import FleetCommands, commands_of
from tests.fixtures_tenant import ADMIN
from tests.fleet.machines import machine

HALL = "the-hall-7"


@pytest.fixture
def commands(tenant: Tenant, monkeypatch: pytest.MonkeyPatch) -> FleetCommands:
    """The command, acting for the tenant."""
    return commands_of(tenant, monkeypatch, fleet_credentials)


def test_a_community_that_is_typed(commands: FleetCommands) -> None:
    """It is asked for unseen, stored, listed without its secret, and audited. EMC-COMM-05"""
    said = commands.said("credentials", "add", "Hall", "--rank", "5", "--comment", "ground floor", input=f"{HALL}\n")
    assert HALL not in said
    assert secrets_of(Credential.objects.get(name="Hall")) == {"community": HALL}
    (row,) = commands.told("credentials", "list")
    assert (row["name"], row["kind"], row["rank"], row["comment"]) == ("Hall", "snmpv2c", 5, "ground floor")
    assert HALL not in str(row) + commands.said("credentials", "list")
    assert AuditEntry.objects.get(verb="credential_added").source == "command line"


def test_a_user_with_secrets_of_a_file_and_of_the_environment(commands: FleetCommands, tmp_path: Path) -> None:
    """Level and protocols as people write them; the file goes before the environment. EMC-COMM-06"""
    file = tmp_path / "secrets.toml"
    file.write_text('auth_password = "signing-word"\n')
    spoken = {"PLATEN_SNMP_PRIV_PASSWORD": "hiding-word", "PLATEN_SNMP_AUTH_PASSWORD": "another-word"}
    add = ("credentials", "add", "Reader", "--v3", "reader", "--v3-auth", "SHA-512", "--v3-priv", "AES-256-CISCO")
    commands.said(*add, "--secrets", str(file), env=spoken)
    found = Credential.objects.get()
    assert (found.kind, found.user, found.auth, found.privacy) == ("snmpv3", "reader", "sha512", "aes256c")
    assert secrets_of(found) == {"auth": "signing-word", "privacy": "hiding-word"}
    assert "no level" in commands.refused("credentials", "add", "x", "--v3", "y", "--v3-level", "some")
    assert "no protocol" in commands.refused("credentials", "add", "x", "--v3", "y", "--v3-auth", "rot13")


def test_changed_and_removed(commands: FleetCommands) -> None:
    """What is left out stays, secrets as well."""
    add_credential("Hall", CredentialValues(kind="snmpv2c", community=HALL), by=ADMIN)
    commands.said("credentials", "change", "Hall", "--name", "Lobby", "--rank", "3")
    found = Credential.objects.get()
    assert (found.name, found.rank, secrets_of(found)["community"]) == ("Lobby", 3, HALL)
    commands.said("credentials", "change", "Lobby", "--ask", input="another\n")
    found.refresh_from_db()
    assert secrets_of(found)["community"] == "another"
    assert "no protocols" in commands.refused("credentials", "change", "Lobby", "--v3-auth", "SHA")
    assert "There are Lobby" in commands.refused("credentials", "remove", "Hall")
    commands.said("credentials", "remove", "Lobby")
    assert not Credential.objects.exists()


@pytest.mark.parametrize("text", ["community", "community = 70707\n", 'password = "x"\n', "\x00"])
def test_a_file_that_cannot_be_understood(tmp_path: Path, text: str) -> None:
    """It is refused without a word of what stands in it."""
    file = tmp_path / "secrets"
    file.write_text(text)
    with pytest.raises(Refusal, match="Write a line for each") as refused:
        secrets_in(file)
    assert "70707" not in str(refused.value)
    with pytest.raises(Refusal, match="could not be read"):
        secrets_in(tmp_path / "none")


def test_only_what_the_level_needs(monkeypatch: pytest.MonkeyPatch) -> None:
    """Without signing nobody is asked for a pass phrase (RFC 3414 section 1.4.3)."""
    plain = user_values("reader", "noauthnopriv", "SHA", "DES", "", Secrets())
    assert (plain.auth, plain.privacy, plain.auth_password) == ("", "", "")
    signed = user_values("reader", "authNoPriv", "sha1", "DES", "hall", Secrets({"auth_password": "signing-word"}))
    assert (signed.auth, signed.privacy, signed.context) == ("sha", "", "hall")
    monkeypatch.setenv("PLATEN_SNMP_COMMUNITY", HALL)
    assert communities_of([], Secrets()) == [HALL]
    assert communities_of(["public"], Secrets()) == ["public"]


def test_what_a_search_is_given_stays_where_something_answered(tenant: Tenant) -> None:
    """A community is kept for the machines that answer to it, and forgotten where none does; a stored one is reused."""
    kept = add_credential("Hall", CredentialValues(kind="snmpv2c", community=HALL), by=ADMIN)
    copier = machine("Copier")
    hall, other = (CredentialValues(kind="snmpv2c", community=each) for each in (HALL, "other"))
    with asked_with((), [hall, other], keep=False) as keys:
        assert len(keys) == 2
        assert keys[0] == kept.pk
    assert list(Credential.objects.all()) == [kept]
    with asked_with(["Hall"], [other], keep=False) as keys:
        Machine.objects.filter(pk=copier.pk).update(credential_id=keys[1])
    assert Credential.objects.count() == 2
    assert "other" not in set(Credential.objects.values_list("name", flat=True))
    with pytest.raises(Refusal, match="no credential Lobby"), asked_with(["Lobby"], [], keep=False):
        pass
