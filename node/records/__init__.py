"""What a record is once it is opened. Pure: no disk, no network, no clock of its own."""
