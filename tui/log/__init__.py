"""The log: who looked, who received, for people who are no engineers."""
