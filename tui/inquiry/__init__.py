"""Safety inquiries: asked step by step, answered as the law has it."""
