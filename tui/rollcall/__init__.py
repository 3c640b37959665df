"""The roll call (点呼)."""
