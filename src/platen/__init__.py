"""Platen: open print management."""

__version__ = "0.1.0"
