"""People, places and what is said of them. Pure: no disk, no network, no clock of its own."""
