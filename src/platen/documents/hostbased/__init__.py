"""Streams that are rendered on the host: as far as their structure shows pages."""
