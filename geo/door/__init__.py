"""Reading of users' files: kind by content, one fixed driver, typed values, an account of rows.

``geo.door.input.open_input`` says which; nothing outside this package opens a file of a user.
"""
