"""The screens: they know the desk, not the plumbing."""

import os

# Textual waits up to a frame before it paints what has changed; a 60th of a second is half of what a hit list may take.
# Nothing here moves by itself, so that more frames a second paint nothing more often. It reads this when it is loaded.
os.environ.setdefault("TEXTUAL_FPS", "500")
