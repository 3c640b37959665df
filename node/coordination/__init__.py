"""What a prefecture or a crisis office does: it sees, asks, finds who is missing, and decides what others apply for."""

from node.coordination.office import Coordination

__all__ = ["Coordination"]
