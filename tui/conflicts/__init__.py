"""Conflicts (食い違い): statements that contradict each other, side by side, and what is made of them."""
