"""Correction (訂正): what was written of somebody, put right."""
