"""HTTP by aiohttp and WebSocket by picows, behind ports/transport.py."""
