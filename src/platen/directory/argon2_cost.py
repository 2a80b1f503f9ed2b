"""What one argon2id hash costs: about 19 MiB and two passes, 20 to 40 ms, the least that OWASP's sheet on password
storage names. Passwords and PINs share it."""

from __future__ import annotations

MEMORY_KIB = 19_456
TIME_COST = 2
PARALLELISM = 1
