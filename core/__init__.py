"""The workshop itself: no Qt, no FastAPI, no listening socket."""
