"""The long-running parts of a node: asyncio loops that call the applications' verbs and hold no rules of their own."""
