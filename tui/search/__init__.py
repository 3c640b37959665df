"""Search across (横断検索): purpose first, and what the answer draws on."""
