"""Residents nobody has confirmed."""
