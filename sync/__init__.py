"""Moves sealed records between nodes: never looks inside one, has no database and no keys."""
