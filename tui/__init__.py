"""The screens: they know the desk, not the plumbing."""
