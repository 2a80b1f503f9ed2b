"""Whose job it is."""

import unicodedata

import pytest
from hypothesis import given
from hypothesis import strategies as st

from platen.policy.owner import (
    AlternativeLogon,
    Candidate,
    CandidateKind,
    ClaimSource,
    NamesOfJob,
    Outcome,
    OwnerMode,
    OwnerRule,
    UnknownOwner,
    claims,
    normalised,
    parse_name,
    resolve,
)

NETWORK = OwnerRule()
JOB_DATA = OwnerRule(mode=OwnerMode.JOB_DATA_LOGON)
ALL_NAMES = NamesOfJob(requesting_user_name="req", lpd="lpd", pjl="pjl", job_data="data")


class Directory:
    """People by logon, domain, e-mail and aliases, as a directory would answer candidates."""

    PEOPLE = (
        ("js", "acme", "jane@example.org", ("jsmith",)),
        ("bo", None, "bo@example.org", ()),
        ("kim", "acme", None, ()),
        ("kim", "other", None, ()),
    )

    def find(self, candidate: Candidate) -> tuple[str, str | None] | None:
        found = [(p[0], p[1]) for p in self.PEOPLE if self.fits(p, candidate)]
        return found[0] if len(found) == 1 else None

    @staticmethod
    def fits(person: tuple[str, str | None, str | None, tuple[str, ...]], candidate: Candidate) -> bool:
        logon, domain, email, aliases = person
        match candidate.kind:
            case CandidateKind.LOGON_IN_DOMAIN:
                return (logon, domain) == (candidate.value, candidate.domain)
            case CandidateKind.LOGON_WITHOUT_DOMAIN:
                return logon == candidate.value and domain is None
            case CandidateKind.LOGON:
                return logon == candidate.value
            case CandidateKind.EMAIL:
                return email == candidate.value
            case CandidateKind.ALIAS:
                return candidate.value in aliases and (candidate.domain is None or domain in (None, candidate.domain))


def owner(name: str, rule: OwnerRule = NETWORK) -> tuple[str, str | None] | None:
    return resolve(rule, NamesOfJob(requesting_user_name=name), Directory().find).person


class TestNames:
    @pytest.mark.parametrize(
        ("text", "logon", "domain"),
        [
            ("js", "js", None),
            ("ACME\\js", "js", "ACME"),
            ("js@acme.example.org", "js", "acme.example.org"),
            (".\\js", "js", None),
            (" Jane Smith ", "Jane Smith", None),
            ("a@b@c.org", "a@b", "c.org"),
            ("js@", "js@", None),
        ],
    )
    def test_taken_apart(self, text: str, logon: str, domain: str | None) -> None:
        """A submitted name is a logon, with a domain before a backslash or after an @. SC-PPORT-03, SC-USER-03"""
        name = parse_name(text)
        assert name is not None
        assert (name.logon, name.domain) == (logon, domain)

    @pytest.mark.parametrize("text", [None, "", "  ", "anonymous", "Anonymous", "ACME\\", "a\\b\\c", "j\ns", "x" * 256])
    def test_nobody(self, text: str | None) -> None:
        """No name, anonymous and what cannot be a name belong to nobody. SC-PPORT-03"""
        assert parse_name(text) is None

    @given(st.text(max_size=300))
    def test_any_text(self, text: str) -> None:
        """Whatever a client sends is a name with a logon, or nobody's; candidates never are empty. SC-PPORT-03"""
        name = parse_name(text)
        if name is not None:
            assert name.logon
            assert all(candidate.value for candidate in name.candidates("acme"))

    @given(st.text(max_size=40))
    def test_comparison_is_stable(self, text: str) -> None:
        """A name compared is the same when composed, decomposed, or compared again. SC-USER-03"""
        once = normalised(text)
        assert normalised(once) == once
        assert normalised(unicodedata.normalize("NFD", text)) == once
        assert normalised(unicodedata.normalize("NFC", text)) == once

    def test_case_and_accents(self) -> None:
        """Case and the encoding of accents make no difference to a logon. SC-USER-03"""
        assert normalised("Jürgen ") == normalised("JU\u0308RGEN")


class TestMatching:
    @pytest.mark.parametrize(
        "name", ["js", "JS", "ACME\\js", "js@acme", "jane@example.org", "jsmith", "ACME\\jsmith", "JSmith"]
    )
    def test_many_spellings_one_person(self, name: str) -> None:
        """Logon, domain and logon, e-mail address and alias lead to the same person. SC-PPORT-03, SC-USER-17"""
        assert owner(name) == ("js", "acme")

    def test_people_without_domain(self) -> None:
        """Somebody who has no domain is found whatever domain the computer sends. SC-PPORT-03"""
        assert owner("WORKGROUP\\bo") == ("bo", None)

    @pytest.mark.parametrize("name", ["OTHER\\js", "js@other", "OTHER\\jsmith"])
    def test_no_other_domain(self, name: str) -> None:
        """A name of one domain never means a person of another. SC-USER-03"""
        assert owner(name) is None

    def test_one_logon_in_two_domains(self) -> None:
        """A logon that two domains have belongs to nobody until a domain says whose it is. SC-PPORT-09, SC-USER-03"""
        assert owner("kim") is None
        assert owner("OTHER\\kim") == ("kim", "other")
        assert owner("kim", OwnerRule(default_domain="Acme")) == ("kim", "acme")


class TestClaims:
    def test_order(self) -> None:
        """Without authentication requesting-user-name comes first, then LPD, PJL and the job's data. SC-PPORT-03"""
        assert [claim.source for claim in claims(NETWORK, ALL_NAMES)] == [
            ClaimSource.REQUESTING_USER_NAME,
            ClaimSource.LPD,
            ClaimSource.PJL,
            ClaimSource.JOB_DATA,
        ]

    @pytest.mark.parametrize("authenticated", ["stranger", "js", ""])
    def test_authenticated_stands_alone(self, authenticated: str) -> None:
        """Who signs in cannot print in another's name, even if the directory does not know the name. SC-PPORT-03"""
        names = NamesOfJob(authenticated=authenticated, requesting_user_name="bo", job_data="bo")
        assert all(claim.source is ClaimSource.AUTHENTICATED for claim in claims(NETWORK, names))
        assert resolve(NETWORK, names, Directory().find).person != ("bo", None)

    def test_first_that_belongs_to_a_person(self) -> None:
        """A weaker name counts where the stronger one is nobody's. SC-PPORT-03"""
        names = NamesOfJob(requesting_user_name="spooler", pjl="ACME\\js")
        result = resolve(NETWORK, names, Directory().find)
        assert result.person == ("js", "acme")
        assert result.claim is not None
        assert result.claim.source is ClaimSource.PJL

    def test_specified_logon(self) -> None:
        """All jobs of the queue belong to the one who is named there. SC-PPORT-04, SC-PUSHQ-02"""
        rule = OwnerRule(mode=OwnerMode.SPECIFIED_LOGON, specified_logon="ACME\\kim")
        assert resolve(rule, NamesOfJob(authenticated="bo"), Directory().find).person == ("kim", "acme")
        with pytest.raises(ValueError, match="needs to be told"):
            OwnerRule(mode=OwnerMode.SPECIFIED_LOGON)

    def test_job_data_before_the_generic_user(self) -> None:
        """An application prints as one user; the name in the data says who it is. SC-PPORT-07, SC-JDL-01"""
        names = NamesOfJob(authenticated="bo", job_data="js")
        assert resolve(JOB_DATA, names, Directory().find).person == ("js", "acme")

    def test_alternative_logon(self) -> None:
        """Where the data names nobody the network logon counts, or nothing, as the queue says. SC-JDL-07"""
        names = NamesOfJob(requesting_user_name="bo")
        without = OwnerRule(mode=OwnerMode.JOB_DATA_LOGON, alternative=AlternativeLogon.NONE)
        assert resolve(JOB_DATA, names, Directory().find).person == ("bo", None)
        assert claims(without, names) == ()

    def test_unknown_name_in_the_data(self) -> None:
        """The alternative is for data without a name, not for a name that is unknown. SC-JDL-07"""
        names = NamesOfJob(requesting_user_name="bo", job_data="stranger")
        assert resolve(JOB_DATA, names, Directory().find).person is None


class TestUnknownPeople:
    NAMES = NamesOfJob(requesting_user_name="new", pjl="newer")

    def test_created(self) -> None:
        """Where allowed, the first name given becomes a person. SC-FIRSTPRINT-01, SC-USER-05, SC-UPOL-01"""
        result = resolve(OwnerRule(unknown=UnknownOwner.CREATE), self.NAMES, Directory().find)
        assert result.outcome is Outcome.CREATE
        assert result.claim is not None
        assert result.claim.name.logon == "new"

    def test_refused_by_default(self) -> None:
        """Where nothing is said an unknown person's job is refused, with a sentence. SC-FIRSTPRINT-01"""
        result = resolve(NETWORK, self.NAMES, Directory().find)
        assert result.outcome is Outcome.REFUSE
        assert "Nobody here is called new" in result.sentence

    def test_held_without_owner(self) -> None:
        """Where set, the job is kept for an administrator to assign. SC-FIRSTPRINT-01"""
        result = resolve(OwnerRule(unknown=UnknownOwner.HOLD_ORPHAN), self.NAMES, Directory().find)
        assert result.outcome is Outcome.HOLD_ORPHAN

    def test_no_name_cannot_be_created(self) -> None:
        """A job without any name makes nobody; it is held. SC-FIRSTPRINT-01"""
        assert (
            resolve(OwnerRule(unknown=UnknownOwner.CREATE), NamesOfJob(), Directory().find).outcome
            is Outcome.HOLD_ORPHAN
        )

    def test_a_mistyped_setting_creates_nobody(self) -> None:
        """The name in the queue's own setting is never made a person. SC-PPORT-04"""
        rule = OwnerRule(mode=OwnerMode.SPECIFIED_LOGON, specified_logon="typo", unknown=UnknownOwner.CREATE)
        assert resolve(rule, NamesOfJob(), Directory().find).outcome is Outcome.HOLD_ORPHAN
