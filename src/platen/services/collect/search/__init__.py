"""Finding machines: asking addresses, listening to what announces itself. asyncio, no database."""
