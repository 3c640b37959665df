"""Shows how far a long act is, where somebody looks at it."""

import sys
from collections.abc import Callable, Iterator
from contextlib import contextmanager

from rich.console import Console
from rich.progress import BarColumn, DownloadColumn, MofNCompleteColumn, Progress, TextColumn, TimeRemainingColumn


@contextmanager
def bar(name: str, *, quiet: bool, of_bytes: bool = True) -> Iterator[Callable[[int, int], None]]:
    """A progress bar on standard error, where somebody looks at it; of bytes, or of things that are counted."""
    if quiet or not sys.stderr.isatty():
        yield lambda _done, _total: None
        return
    how_far = DownloadColumn() if of_bytes else MofNCompleteColumn()
    columns = (TextColumn("{task.description}"), BarColumn(), how_far, TimeRemainingColumn())
    with Progress(*columns, console=Console(stderr=True), transient=True) as progress:
        task = progress.add_task(name, total=None)
        yield lambda done, total: progress.update(task, completed=done, total=total)
