"""Real programs that the tests meet: each module starts one on loopback, on a port of its own, and stops it again."""
