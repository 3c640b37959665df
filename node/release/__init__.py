"""What may be told to whom, and who may write what. Pure: no disk, no network, no clock of its own."""
