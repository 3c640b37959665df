"""Applications and decisions, and emergencies with their clock and their review."""
