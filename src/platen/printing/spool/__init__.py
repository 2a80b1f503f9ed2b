"""Where documents wait: encrypted, durable before a job is acknowledged, gone when their key is.

Small documents share append-only packs, so that many of them are made durable by one sync; a large one has a file of
its own. Every document has a key of its own, kept in the job's row, wrapped by the node's: destroying that key destroys
the document, whatever copies of the octets remain on the disk.
"""

from platen.printing.spool.cipher import ChunkOpener, ChunkSealer, DocumentDamaged, unwrap_key, wrap_key
from platen.printing.spool.store import FileSink, Spool, SpoolFull, SpoolInUse, Stored, open_spool

__all__ = [
    "ChunkOpener",
    "ChunkSealer",
    "DocumentDamaged",
    "FileSink",
    "Spool",
    "SpoolFull",
    "SpoolInUse",
    "Stored",
    "open_spool",
    "unwrap_key",
    "wrap_key",
]
