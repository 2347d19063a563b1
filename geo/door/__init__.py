"""The one way in: bytes become a kind, a pinned driver, a typed value and its account of rows.

``geo.door.input.open_input`` says which; nothing outside this package opens a file of a user.
"""
