"""FastAPI in a thread: the API, the live channel, the phone page, and the announcement on the LAN."""
