"""The `platen` command."""

from platen.cli.main import main

__all__ = ["main"]
