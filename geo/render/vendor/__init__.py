"""Runtime code of others, kept in the package with version, hash and licence."""
