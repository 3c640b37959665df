"""Sending (通信): what waits for whom, and why it does."""
