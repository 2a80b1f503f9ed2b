"""Measurements, each printing one line of JSON. See README.md for what they mean and what they gave."""
