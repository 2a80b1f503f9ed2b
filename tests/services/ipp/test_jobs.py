"""What IPP clients do with jobs: print, look, hold, release, cancel; and what they may not see or touch."""

from __future__ import annotations

import base64

import pytest

from platen.protocols.ipp import Message, Operation, Status
from platen.protocols.ipp import attributes as a
from tests import node_setup
from tests.peers.running import wait_until
from tests.running_node import RunningNode
from tests.services.ipp import setup
from tests.services.ipp.client import PDF, ask, boolean, do, job_attribute, job_id_of, message, print_job

PENDING_HELD, CANCELED = 4, 7


@pytest.fixture(scope="module", autouse=True)
def people(module_node: RunningNode) -> None:
    """Two people and a queue that takes no jobs."""
    for logon in ("anna", "bert"):
        module_node.call(node_setup.add_person, logon)


def attributes_of(node: RunningNode, job_id: int, user: str | None) -> Message:
    return do(node, Operation.GET_JOB_ATTRIBUTES, job_attribute(job_id), user=user)


class TestPrinting:
    """Print-Job, Create-Job, Send-Document, Validate-Job, Close-Job."""

    def test_a_printed_document_is_held_for_the_person_it_names(self, module_node: RunningNode) -> None:
        """Print-Job to the pull queue is held, byte for byte, for requesting-user-name. SC-PULL-01, SC-XPLAT-06,
        SC-PPORT-20"""
        answer = print_job(module_node, PDF, a.name_("job-name", "Letter"), job=(a.integer("copies", 3),))
        job = node_job(module_node, "anna", job_id_of(answer))
        assert (job["name"], job["copies"], job["state"], job["received_via"]) == ("Letter", 3, PENDING_HELD, "ipp")
        assert answer.job.integer("job-state") == PENDING_HELD
        assert module_node.call(node_setup.document_of, job["id"]) == PDF

    @pytest.mark.parametrize("name", ["ANNA", "anna@acme.test", r".\anna"])
    def test_other_spellings_mean_the_same_person(self, module_node: RunningNode, name: str) -> None:
        """Case, a domain that nobody has, and a computer's own account still lead to the person. SC-XPLAT-04"""
        job_id = job_id_of(print_job(module_node, user=name))
        assert node_job(module_node, "anna", job_id)["submitted_as"] == name

    def test_an_unknown_person_is_an_orphan(self, module_node: RunningNode) -> None:
        """By default a job of somebody unknown is kept without owner and says so."""
        answer = print_job(module_node, user="nobody-known")
        assert "account-authorization-failed" in answer.job.texts("job-state-reasons")
        assert job_id_of(answer) in [job["id"] for job in module_node.call(node_setup.jobs_of)]

    def test_create_job_and_send_document(self, module_node: RunningNode) -> None:
        """A job may come first and its document after it; an empty last document then changes nothing."""
        created = do(module_node, Operation.CREATE_JOB, a.name_("job-name", "Two steps"))
        job_id = job_id_of(created)
        assert created.job.texts("job-state-reasons") == ("job-incoming",)
        last = boolean("last-document", False)
        sent = ask(module_node, message(Operation.SEND_DOCUMENT, job_attribute(job_id), last) + PDF).ipp
        assert sent.job.texts("job-state-reasons") == ("job-hold-until-specified",)
        closing = message(Operation.SEND_DOCUMENT, job_attribute(job_id), boolean("last-document", True))
        assert ask(module_node, closing).ipp.is_success
        assert module_node.call(node_setup.document_of, job_id) == PDF

    def test_a_second_document_is_refused(self, module_node: RunningNode) -> None:
        """A job has one document."""
        job_id = job_id_of(print_job(module_node))
        again = message(Operation.SEND_DOCUMENT, job_attribute(job_id), boolean("last-document", True)) + PDF
        assert ask(module_node, again).ipp_status == Status.SERVER_ERROR_MULTIPLE_DOCUMENT_JOBS_NOT_SUPPORTED

    def test_close_job_without_a_document_ends_it(self, module_node: RunningNode) -> None:
        """A job that is closed before any document came is canceled, not held for ever."""
        job_id = job_id_of(do(module_node, Operation.CREATE_JOB))
        closed = do(module_node, Operation.CLOSE_JOB, job_attribute(job_id))
        assert closed.job.integer("job-state") == CANCELED

    def test_validate_job_makes_nothing(self, module_node: RunningNode) -> None:
        """Validate-Job says what Print-Job would and leaves no job."""
        before = len(module_node.call(node_setup.jobs_of, "anna"))
        assert do(module_node, Operation.VALIDATE_JOB).status == Status.SUCCESSFUL_OK
        assert len(module_node.call(node_setup.jobs_of, "anna")) == before

    def test_what_is_not_supported_is_said(self, module_node: RunningNode) -> None:
        """An unsupported value is ignored and returned; with ipp-attribute-fidelity the job is refused."""
        sides = (a.keyword("sides", "on-the-moon"),)
        ignored = print_job(module_node, job=sides)
        assert ignored.status == Status.SUCCESSFUL_OK_IGNORED_OR_SUBSTITUTED_ATTRIBUTES
        assert ignored.unsupported.text("sides") == "on-the-moon"
        insisted = print_job(module_node, PDF, boolean("ipp-attribute-fidelity", True), job=sides)
        assert insisted.status == Status.CLIENT_ERROR_ATTRIBUTES_OR_VALUES_NOT_SUPPORTED

    def test_a_queue_that_takes_no_jobs_says_so(self, module_node: RunningNode) -> None:
        """A queue that is closed refuses with server-error-not-accepting-jobs, and shows it in its state."""
        module_node.call(setup.add_queue, "closed", accepting=False)
        setup.wait_for_queue(module_node, "closed")
        assert print_job(module_node, queue="closed").status == Status.SERVER_ERROR_NOT_ACCEPTING_JOBS
        printer = do(module_node, Operation.GET_PRINTER_ATTRIBUTES, queue="closed").printer
        assert printer.boolean("printer-is-accepting-jobs", True) is False
        assert printer.texts("printer-state-reasons") == ("paused",)

    def test_a_refused_person_is_told_why(self, module_node: RunningNode) -> None:
        """Where unknown people are refused, the client gets the sentence."""
        module_node.call(setup.add_queue, "known-only", unknown_owner="refuse")
        setup.wait_for_queue(module_node, "known-only")
        answer = print_job(module_node, queue="known-only", user="stranger")
        assert answer.status == Status.CLIENT_ERROR_NOT_AUTHORIZED
        assert "stranger" in (answer.operation.text("status-message") or "")

    def test_job_data_logon(self, module_node: RunningNode) -> None:
        """Where a queue looks for the logon in the data, that name counts. SC-JDL-01, SC-JDL-02"""
        rule = {"job_data_string": "User=", "start": '"', "stop": '"'}
        module_node.call(setup.add_queue, "sap", job_data_logon=rule)
        setup.wait_for_queue(module_node, "sap")
        job_id = job_id_of(print_job(module_node, b'%!PS\n% User="bert"\nshowpage\n', queue="sap", user="sapsys"))
        assert node_job(module_node, "bert", job_id)["submitted_as"] == "sapsys"


class TestWhatOthersSee:
    """RFC 8011 section 9: a client is told of others' jobs no more than that they are there."""

    def test_names_of_others_are_kept_back(self, module_node: RunningNode) -> None:
        """Name and owner of a job are told to its owner only."""
        job_id = job_id_of(print_job(module_node, PDF, a.name_("job-name", "Dismissal of Bert")))
        assert attributes_of(module_node, job_id, "anna").job.text("job-name") == "Dismissal of Bert"
        for other in ("bert", None):
            seen = attributes_of(module_node, job_id, other)
            assert seen.is_success
            assert "job-name" not in seen.job
            assert "job-originating-user-name" not in seen.job

    def test_others_cannot_cancel_hold_or_fill(self, module_node: RunningNode) -> None:
        """Changing somebody else's job is client-error-not-authorized, and nothing happens to it."""
        job_id = job_id_of(do(module_node, Operation.CREATE_JOB))
        last = boolean("last-document", True)
        for operation in (Operation.CANCEL_JOB, Operation.HOLD_JOB, Operation.RELEASE_JOB, Operation.CLOSE_JOB):
            answer = do(module_node, operation, job_attribute(job_id), user="bert")
            assert answer.status == Status.CLIENT_ERROR_NOT_AUTHORIZED
        send = message(Operation.SEND_DOCUMENT, job_attribute(job_id), last, user="bert") + PDF
        assert ask(module_node, send).ipp_status == Status.CLIENT_ERROR_NOT_AUTHORIZED
        assert attributes_of(module_node, job_id, "anna").job.texts("job-state-reasons") == ("job-incoming",)

    def test_a_job_is_found_in_its_own_queue_only(self, module_node: RunningNode) -> None:
        """A job-id of another queue is client-error-not-found."""
        module_node.call(setup.add_queue, "elsewhere")
        setup.wait_for_queue(module_node, "elsewhere")
        job_id = job_id_of(print_job(module_node, queue="elsewhere"))
        assert attributes_of(module_node, job_id, "anna").status == Status.CLIENT_ERROR_NOT_FOUND


class TestGetJobs:
    """Get-Jobs with limit, my-jobs, which-jobs, first-index and job-ids."""

    def test_lists(self, module_node: RunningNode) -> None:
        """Open jobs come oldest first, ended ones newest first, as many and whose as was asked for."""
        module_node.call(setup.add_queue, "lists")
        setup.wait_for_queue(module_node, "lists")
        ids = [job_id_of(print_job(module_node, queue="lists", user=user)) for user in ("anna", "bert", "anna", "anna")]
        assert listed(module_node) == ids
        assert listed(module_node, a.integer("limit", 2)) == ids[:2]
        assert listed(module_node, a.integer("limit", 2), a.integer("first-index", 2)) == ids[1:3]
        assert listed(module_node, boolean("my-jobs", True)) == [ids[0], ids[2], ids[3]]
        assert listed(module_node, boolean("my-jobs", True), user="bert") == [ids[1]]
        assert listed(module_node, a.integer("job-ids", ids[2], 999_999)) == [ids[2]]
        assert listed(module_node, a.keyword("which-jobs", "completed")) == []
        for job_id in ids[2:]:
            assert do(module_node, Operation.CANCEL_JOB, job_attribute(job_id), queue="lists").is_success
        assert listed(module_node, a.keyword("which-jobs", "completed")) == [ids[3], ids[2]]
        assert listed(module_node, a.keyword("which-jobs", "all")) == ids[::-1]

    def test_cancel_my_jobs(self, module_node: RunningNode) -> None:
        """Cancel-My-Jobs ends one's own open jobs and nobody else's; with a stranger's job-id it does nothing."""
        module_node.call(setup.add_queue, "mine")
        setup.wait_for_queue(module_node, "mine")
        mine, other = (job_id_of(print_job(module_node, queue="mine", user=user)) for user in ("anna", "bert"))
        refused = do(module_node, Operation.CANCEL_MY_JOBS, a.integer("job-ids", mine, other), queue="mine")
        assert refused.status == Status.CLIENT_ERROR_NOT_AUTHORIZED
        assert listed(module_node, queue="mine") == [mine, other]
        assert do(module_node, Operation.CANCEL_MY_JOBS, queue="mine").is_success
        assert listed(module_node, queue="mine") == [other]


class TestReleasing:
    """Who may let a job go."""

    def test_nobody_releases_from_a_pull_queue_from_afar(self, module_node: RunningNode) -> None:
        """Release-Job on a pull queue is client-error-not-possible: its owner has to stand at a printer. SC-PULL-01"""
        job_id = job_id_of(print_job(module_node))
        answer = do(module_node, Operation.RELEASE_JOB, job_attribute(job_id))
        assert answer.status == Status.CLIENT_ERROR_NOT_POSSIBLE
        assert attributes_of(module_node, job_id, "anna").job.integer("job-state") == PENDING_HELD


class TestAuthentication:
    """HTTP Basic, where a client offers it."""

    def test_a_proven_name_counts_more_than_a_claimed_one(self, module_node: RunningNode) -> None:
        """The job belongs to who signed in, whatever requesting-user-name says."""
        module_node.call(setup.add_person_with_password, "carla", "correct horse battery")
        answer = ask(
            module_node, message(Operation.PRINT_JOB) + PDF, authorization=basic("carla", "correct horse battery")
        )
        assert node_job(module_node, "carla", job_id_of(answer.ipp))["submitted_as"] == "carla"

    def test_a_wrong_password_is_turned_away_and_slowed_down(self, module_node: RunningNode) -> None:
        """A wrong password gets 401, leaves no job, and after some tries nobody is let in from there for a while."""
        module_node.call(setup.add_person_with_password, "dora", "correct horse battery")
        body = message(Operation.PRINT_JOB, user="dora") + PDF
        for _ in range(4):
            answer = ask(module_node, body, authorization=basic("dora", "wrong"))
            assert answer.status == 401
            assert answer.headers["www-authenticate"].startswith("Basic ")
        assert ask(module_node, body, authorization=basic("dora", "correct horse battery")).status == 401
        assert module_node.call(node_setup.jobs_of, "dora") == []


def basic(logon: str, password: str) -> str:
    return "Basic " + base64.b64encode(f"{logon}:{password}".encode()).decode()


def listed(node: RunningNode, *attributes: object, queue: str = "lists", user: str = "anna") -> list[int]:
    """The job-ids that Get-Jobs tells."""
    answer = do(node, Operation.GET_JOBS, *attributes, queue=queue, user=user)  # type: ignore[arg-type]  # attributes
    assert answer.is_success
    return [job.integer("job-id") or 0 for job in answer.jobs]


def node_job(node: RunningNode, logon: str, job_id: int) -> dict[str, object]:
    """A person's job as the database has it."""
    (job,) = [job for job in node.call(node_setup.jobs_of, logon) if job["id"] == job_id]
    return job


def test_metrics_count_jobs(module_node: RunningNode) -> None:
    """Accepted jobs and their octets are counted for Prometheus."""
    before = module_node.metric("platen_ipp_document_bytes_total")
    print_job(module_node)
    assert module_node.metric("platen_ipp_document_bytes_total") == before + len(PDF)
    assert module_node.metric("platen_ipp_jobs_total") >= 1
    wait_until(lambda: module_node.metric("platen_ipp_acknowledgement_seconds_count") >= 1, "an observation")
