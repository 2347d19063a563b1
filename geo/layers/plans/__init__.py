"""The files of a plan: read, understood, and made layers."""
