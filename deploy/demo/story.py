"""The story: what happens, in which order, and what each step has to show."""

from collections.abc import Callable, Sequence

from deploy.demo import after, before, quake
from deploy.demo.federation import found
from deploy.demo.scene import Scene
from deploy.demo.telling import Finding, Teller

Step = Callable[[Scene], list[Finding]]

STEPS: tuple[tuple[str, Step], ...] = (
    ("found", lambda scene: found(scene.federation)),
    ("load", before.load),
    ("enrol", before.share),
    ("agree", before.agree),
    ("quake", quake.arrive),
    ("laptop", quake.laptop_reaches_home),
    ("leave", quake.leave_for_kanazawa),
    ("cut", quake.cut),
    ("mend", quake.mend),
    ("search", after.search_with_purpose),
    ("hidden", after.look_for_the_hidden),
    ("consent", after.consent_and_withdrawal),
)
"""The steps in their order, by the key of their headline."""

ENDING: tuple[tuple[str, Step], ...] = (("stop", after.stop),)
"""What comes last, once nobody looks at the data any more."""


def tell(scene: Scene, teller: Teller, steps: Sequence[tuple[str, Step]]) -> None:
    """Tell these steps to their end, whether or not every check holds."""
    for key, step in steps:
        teller.step(key, leavers=len(scene.cast.leavers))
        teller.check(*step(scene))
