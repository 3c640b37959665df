"""Writes a text that is handed out to a file that its owner alone can read."""

from pathlib import Path

from node.errors import FileNotWritten
from node.files import write_durably


def write_sheet(path: str, name: str, text: str) -> str:
    """Write to the file, or under `name` into the folder; returns where it is.

    Raises:
        FileNotWritten: it can't be written; `what` says why.
    """
    target = Path(path).expanduser()
    target = target / name if target.is_dir() else target
    try:
        write_durably(target, text.encode(), mode=0o600)
    except OSError as error:
        raise FileNotWritten(expected=target.name, what=type(error).__name__) from error
    return str(target)
