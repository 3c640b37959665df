"""Plays the demo from its opening to its end: what `moyai demo` calls."""

import json
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
from deploy.demo.words import Words
from node.cli.demo import Wish


def play(wish: Wish) -> int:
    """Tell the story; 0 only if every check held."""
    for ending in (signal.SIGTERM, signal.SIGHUP):
        signal.signal(ending, _leave)
    folder = (wish.keep or Path(tempfile.mkdtemp(prefix="moyai-demo-"))).resolve()
    folder.mkdir(parents=True, exist_ok=True)
    teller = Teller(Words(wish.language))
    command.load()
    federation: Federation | None = None
    try:
        federation = Federation(folder, wish.language)
        return _tell(wish, teller, federation)
    except StoryBroken as broken:
        teller.frame("broken", why=broken)
        return 1
    finally:
        if federation is not None:
            federation.close()
        if not wish.keep:
            shutil.rmtree(folder, ignore_errors=True)


def _tell(wish: Wish, teller: Teller, federation: Federation) -> int:
    teller.frame("opening", residents=wish.residents, seed=wish.seed)
    teller.frame("kept" if wish.keep else "folder", folder=federation.folder)
    people = residents(wish.seed, wish.residents)
    scene = Scene(federation, people, cast(people), federation.folder)
    tell(scene, teller, STEPS)
    if wish.is_watched:
        teller.frame("desk")
        federation.wajima.desk(sites.AT_HAND.subject)
    tell(scene, teller, ENDING)
    seconds = teller.seconds
    checks, failed = len(teller.findings), len(teller.failed)
    teller.say("")
    teller.frame("some_failed" if failed else "all_held", checks=checks, failed=failed, seconds=seconds)
    if not wish.is_watched:
        teller.say(json.dumps({**scene.figures(), "seconds": seconds}))
    return 1 if failed else 0


def _leave(signal_number: int, _frame: FrameType | None) -> None:
    """Leave through every `finally`, so that no process and no folder stays behind."""
    sys.exit(128 + signal_number)
