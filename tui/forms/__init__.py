"""The check-in sheets on paper."""
