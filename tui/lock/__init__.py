"""The lock: nothing is seen until an operator has signed in."""
