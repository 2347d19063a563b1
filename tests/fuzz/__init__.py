"""Files of users, damaged on purpose and by seed: every reader answers or refuses in one line."""
