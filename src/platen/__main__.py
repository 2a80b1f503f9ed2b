"""`python -m platen` is the `platen` command."""

from platen.cli import main

main()
