"""Sync over the LAN: the endpoints other terminals call, the client that calls theirs, pairing, and who is in reach."""
