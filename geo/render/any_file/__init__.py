"""A map of any file: what it holds, what is drawn of it and how, what is left out."""
