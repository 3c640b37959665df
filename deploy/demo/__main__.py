"""Tells the story: `python -m deploy.demo [--headless] [--seed N] [--residents N] [--keep DIR] [--lang ja|en]`."""

import argparse
import json
import os
import shutil
import signal
import sys
import tempfile
from pathlib import Path
from types import FrameType

from deploy.demo import command, sites
from deploy.demo.cast import cast
from deploy.demo.federation import Federation
from deploy.demo.people import residents
from deploy.demo.scene import Scene
from deploy.demo.story import ENDING, STEPS, tell
from deploy.demo.telling import Teller
from deploy.demo.towns import StoryBroken
from deploy.demo.words import LANGUAGES, Words
from node.words import preferred_language

SEED = 20240101
RESIDENTS = 20_000
SMALLEST_TOWN = 6_000


def main() -> int:
    """Tell the story; 0 only if every check held."""
    wish = _wishes()
    for ending in (signal.SIGTERM, signal.SIGHUP):
        signal.signal(ending, _leave)
    folder = Path(wish.keep or tempfile.mkdtemp(prefix="moyai-demo-")).resolve()
    folder.mkdir(parents=True, exist_ok=True)
    teller = Teller(Words(wish.lang))
    command.load()
    federation: Federation | None = None
    try:
        federation = Federation(folder, wish.lang)
        return _tell(wish, teller, federation)
    except StoryBroken as broken:
        teller.frame("broken", why=broken)
        return 1
    except KeyboardInterrupt:
        return 130
    finally:
        if federation is not None:
            federation.close()
        if not wish.keep:
            shutil.rmtree(folder, ignore_errors=True)


def _tell(wish: argparse.Namespace, teller: Teller, federation: Federation) -> int:
    teller.frame("opening", residents=wish.residents, seed=wish.seed)
    teller.frame("kept" if wish.keep else "folder", folder=federation.folder)
    people = residents(wish.seed, wish.residents)
    scene = Scene(federation, people, cast(people), federation.folder)
    tell(scene, teller, STEPS)
    if _is_watched(wish):
        teller.frame("desk")
        federation.wajima.desk(sites.AT_HAND.subject)
    tell(scene, teller, ENDING)
    seconds = teller.seconds
    checks, failed = len(teller.findings), len(teller.failed)
    teller.say("")
    teller.frame("some_failed" if failed else "all_held", checks=checks, failed=failed, seconds=seconds)
    if not _is_watched(wish):
        teller.say(json.dumps({**scene.figures(), "seconds": seconds}))
    return 1 if failed else 0


def _is_watched(wish: argparse.Namespace) -> bool:
    return not wish.headless and sys.stdin.isatty() and sys.stdout.isatty()


def _wishes() -> argparse.Namespace:
    spoken = preferred_language(dict(os.environ))
    options = argparse.ArgumentParser(prog="python -m deploy.demo", description=__doc__)
    options.add_argument("--headless", action="store_true", help="never open the desk; last line one JSON object")
    options.add_argument("--seed", type=int, default=SEED, help="the same seed makes the same town")
    options.add_argument("--residents", type=int, default=RESIDENTS, help=f"at least {SMALLEST_TOWN}")
    options.add_argument("--keep", metavar="DIR", help="leave everything in this folder")
    options.add_argument("--lang", choices=LANGUAGES, default=spoken, help="language of the story and the desk")
    wish = options.parse_args()
    if wish.residents < SMALLEST_TOWN:
        options.error(f"--residents: the story needs at least {SMALLEST_TOWN}")
    if wish.keep and Path(wish.keep).exists() and any(Path(wish.keep).iterdir()):
        options.error("--keep: the folder is not empty")
    return wish


def _leave(signal_number: int, _frame: FrameType | None) -> None:
    """Leave through every `finally`, so that no process and no folder stays behind."""
    sys.exit(128 + signal_number)


if __name__ == "__main__":
    sys.exit(main())
