"""Roster (名簿): who is here, who is out, who needs what."""
