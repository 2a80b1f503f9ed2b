"""The process beside a running node that carries out what a test arranges (tests/running_node.py starts it)."""

from __future__ import annotations

import importlib
import os
import pickle
import sys


def main() -> None:
    """Read pickled calls from standard input, answer them on standard output, until the input ends."""
    os.environ.setdefault("DJANGO_SETTINGS_MODULE", "platen.django_settings")
    from platen.cli.database import tenant

    answers = sys.stdout.buffer
    sys.stdout = sys.stderr  # a stray print must not mix with the answers
    with tenant():
        while True:
            try:
                module, name, args, kwargs = pickle.load(sys.stdin.buffer)
            except EOFError:
                return
            try:
                answer = (False, getattr(importlib.import_module(module), name)(*args, **kwargs))
            except Exception as error:  # noqa: BLE001  # whatever it is, it is the test's to see
                answer = (True, error)
            pickle.dump(answer, answers)
            answers.flush()


if __name__ == "__main__":
    main()
