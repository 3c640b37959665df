"""What a shelter clerk can do, and what they are shown of it."""
