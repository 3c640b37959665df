"""Shelters (避難所一覧): headcounts, and how old each figure is."""
