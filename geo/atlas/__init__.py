"""The pages of the publication."""
