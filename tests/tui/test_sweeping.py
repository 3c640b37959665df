"""What is no longer needed is looked for between keys, and all of it in the end."""

import gc
from weakref import ref

from textual import events

from tests.builders.screens import SIZE, desk_app, settle
from tui.sweeping import ALL_EVERY, Sweeper


class Ring:
    """Holds itself, so that only a sweep finds it."""

    def __init__(self) -> None:
        self.itself = self


def test_what_is_new_and_not_needed_goes_with_the_next_sweep() -> None:
    sweeper = Sweeper()
    gc.disable()
    try:
        ring = ref(Ring())
        sweeper.sweep()
        assert ring() is None
    finally:
        gc.enable()


def test_what_was_needed_for_long_goes_in_the_end() -> None:
    sweeper = Sweeper()
    gc.disable()
    try:
        kept = Ring()
        ring = ref(kept)
        gc.collect()  # it is old now
        del kept
        for _ in range(ALL_EVERY - 1):
            sweeper.sweep()
        assert ring() is not None
        sweeper.sweep()
        assert ring() is None
    finally:
        gc.enable()


async def test_nothing_is_swept_while_somebody_types() -> None:
    app = desk_app()
    async with app.run_test(size=SIZE) as pilot:
        await settle(pilot)
        clock = app.node.now_ms
        app._touched_ms = clock() - 10_000
        assert app.is_idle
        app.post_message(events.Key("a", "a"))
        await settle(pilot)
        assert not app.is_idle
