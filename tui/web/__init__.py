"""The coordinator's screens in a browser: a door in front of textual-serve."""
