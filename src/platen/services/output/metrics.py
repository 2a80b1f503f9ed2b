"""Figures of the output service for Prometheus."""

from __future__ import annotations

from prometheus_client import Counter, Gauge, Histogram

DELIVERIES = Counter("platen_deliveries", "Tries at deliveries, by how they ended.", ["channel", "outcome"])
FIRST_OCTET_S = Histogram(
    "platen_wake_to_first_octet_seconds",
    "From being told of a release to the first octet on its way to the device, for a device that was free.",
    buckets=(0.001, 0.002, 0.004, 0.006, 0.008, 0.01, 0.015, 0.02, 0.03, 0.05, 0.1, 0.2, 0.5, 1.0, 5.0),
)
BUSY_DEVICES = Gauge("platen_busy_devices", "Devices with a delivery under way or waiting for its next try.")
