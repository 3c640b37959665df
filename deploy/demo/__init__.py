"""The story of a quake, told by four real nodes on made-up people."""
