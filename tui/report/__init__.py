"""How a shelter stands (避難所状況)."""
