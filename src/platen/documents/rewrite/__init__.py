"""Print files changed on their way to a device: sides, copies, black only, less toner, paper, a range of pages.

`rewrite(source, changes, out)` copies a document and changes what is asked for, in constant memory, and looks into the
result again: what comes out is what was asked for, or the caller is told why it cannot be had.
"""

from platen.documents.rewrite.changes import CannotRewrite, Changes
from platen.documents.rewrite.rewriting import rewrite

__all__ = ["CannotRewrite", "Changes", "rewrite"]
