"""Figures for Prometheus, on this machine alone: none of them names a person, or could."""
