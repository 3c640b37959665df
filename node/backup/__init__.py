"""Backups of one node: made beside its daemon, sealed to two keys, read back, put back in an empty place, drilled."""
