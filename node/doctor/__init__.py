"""Looks how a node stands: each room here looks at one kind of thing, and says what is wrong and what to do now."""
