"""The exchange carried by hand: bundles written for a node, read from one, and the files they lie in."""
