"""The command line: the acts of the desk for scripts, and the commands that set a node up."""

from node.cli.main import main

__all__ = ["main"]
