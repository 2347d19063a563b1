"""Plan files: reading, checking, conversion to layers."""
