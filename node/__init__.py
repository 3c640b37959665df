"""One organisation's node: what it knows, what it may tell, and to whom."""
