"""Duplicates (同一人物?): pairs of entries that may be one person, and what is said of each."""
