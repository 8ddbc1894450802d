"""Live streams: one asyncio process tells whoever follows that something new has come, as server-sent events."""
