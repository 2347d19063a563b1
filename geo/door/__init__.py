"""The one way in: bytes become a kind, a pinned driver, a typed value and its account of rows."""
