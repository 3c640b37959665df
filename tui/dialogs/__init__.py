"""What several screens open: a choice, a word to type, a place, a person, a leaving, a consent."""
