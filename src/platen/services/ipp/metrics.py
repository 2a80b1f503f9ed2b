"""Figures of print intake by IPP, for Prometheus."""

from __future__ import annotations

from prometheus_client import Counter, Histogram

JOBS = Counter("platen_ipp_jobs", "Jobs that clients sent, by what became of them.", ["outcome"])
JOBS_ACCEPTED = JOBS.labels("accepted")
JOBS_REFUSED = JOBS.labels("refused")
JOBS_UNAVAILABLE = JOBS.labels("unavailable")
JOBS_ABANDONED = JOBS.labels("abandoned")
OCTETS = Counter("platen_ipp_document_bytes", "Octets of accepted documents.")
REQUESTS_REFUSED = Counter("platen_ipp_requests_refused", "Requests that were refused, by status.", ["status"])
ACKNOWLEDGED_S = Histogram(
    "platen_ipp_acknowledgement_seconds",
    "From the whole document to its acknowledgement: the wait for the disk and the database.",
    buckets=(0.002, 0.005, 0.01, 0.02, 0.04, 0.08, 0.15, 0.3, 0.6, 1.2, 2.5, 5.0, 15.0),
)
