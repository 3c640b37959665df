"""Cards and wristbands for who leaves, and what is scanned from who arrives."""
