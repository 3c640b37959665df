"""The quake and what follows: arrivals, a laptop without a network, a move to Kanazawa, a cut and its mending."""

import time
from collections.abc import Sequence

import jaconv

from deploy.demo import asks, sites
from deploy.demo.federation import ISHIKAWA, KANAZAWA, WAJIMA
from deploy.demo.people import Resident, households_of
from deploy.demo.scene import Scene
from deploy.demo.telling import Finding
from deploy.demo.towns import Town

ASKED = 6
"""How many of the leavers are asked for by name."""


def arrive(scene: Scene) -> list[Finding]:
    """Check-ins at two shelters at once: at one by the town hall's node, at the other by the laptop, alone."""
    wajima, laptop = scene.federation.wajima, scene.federation.laptop
    scene.federation.lines.cut()
    began = time.monotonic()
    at_hand = _check_in_residents(scene, wajima, scene.cast.at_hand, sites.AT_HAND)
    seconds = time.monotonic() - began
    far = _check_in_residents(scene, laptop, scene.cast.far, sites.FAR)
    known = asks.present(wajima, sites.FAR.subject)
    waiting = asks.waiting(laptop)
    scene.federation.lines.mend()
    return [
        Finding(
            "checked_in",
            asks.present(wajima, sites.AT_HAND.subject) == at_hand == len(scene.cast.at_hand),
            {
                "people": at_hand,
                "households": len(list(households_of(scene.cast.at_hand))),
                "place": sites.AT_HAND.name,
                "seconds": round(seconds, 1),
            },
        ),
        Finding(
            "offline",
            far == len(scene.cast.far) and known == 0,
            {"people": far, "place": sites.FAR.name, "known": known},
        ),
        Finding("waiting", waiting > far, {"waiting": waiting}),
    ]


def laptop_reaches_home(scene: Scene) -> list[Finding]:
    """What waited on the laptop goes to the town hall, and from there where it may."""
    scene.talk(("laptop", WAJIMA))
    known = asks.present(scene.federation.wajima, sites.FAR.subject)
    waiting = asks.waiting(scene.federation.laptop)
    return [
        Finding(
            "caught_up",
            known == len(scene.cast.far) and waiting == 0,
            {"known": known, "place": sites.FAR.name, "waiting": waiting},
        )
    ]


def leave_for_kanazawa(scene: Scene) -> list[Finding]:
    """They leave Wajima, are found in Kanazawa under the names Wajima wrote, and arrive."""
    wajima, kanazawa = scene.federation.wajima, scene.federation.kanazawa
    leavers = scene.cast.leavers
    wajima.does("leave", "-", "--to", f"town:{KANAZAWA}", lines=scene.ids(leavers))
    scene.talk((WAJIMA, KANAZAWA))
    asked = _asked_for(leavers)
    found = sum(_is_found(scene, person, text) for person, text in asked)
    before = asks.status(kanazawa)["people"]
    asks.check_in(kanazawa, scene.ids(leavers), sites.HOST.subject)
    arrived = asks.present(kanazawa, sites.HOST.subject)
    typed = asks.status(kanazawa)["people"] - before
    scene.talk((KANAZAWA, WAJIMA))
    seen = asks.present(wajima, sites.HOST.subject)
    return [
        Finding("found_by_name", found == len(asked), {"found": found, "asked": len(asked)}),
        Finding(
            "not_typed",
            arrived == before == len(leavers) and typed == 0,
            {"place": sites.HOST.name, "arrived": arrived, "typed": typed, "same": before},
        ),
        Finding("seen_there", seen == len(leavers), {"seen": seen}),
    ]


def cut(scene: Scene) -> list[Finding]:
    """No line holds; both towns go on, and both write about one and the same person."""
    wajima, kanazawa = scene.federation.wajima, scene.federation.kanazawa
    scene.federation.lines.cut()
    tried = ((wajima, KANAZAWA), (wajima, ISHIKAWA), (kanazawa, ISHIKAWA))
    cut_off = sum(asks.cannot_reach(caller, called) for caller, called in tried)
    late = _check_in_residents(scene, wajima, scene.cast.late, sites.AT_HAND)
    kanazawa.does("register", "--family", "能登", "--given", "花子", "--place", sites.HOST.subject)
    contested = scene.subjects[scene.cast.leavers[0].key]
    wajima.does("leave", contested, "--to", "relatives")
    kanazawa.does("leave", contested, "--to", "hospital")
    return [
        Finding("unreachable", cut_off == len(tried), {"cut_off": cut_off, "tried": len(tried)}),
        Finding("worked_on", late == len(scene.cast.late), {"wajima": late, "kanazawa": 1}),
        Finding("both_wrote", True),
    ]


def mend(scene: Scene) -> list[Finding]:
    """The lines are back: all views are equal on both sides, and the contradiction is kept in both towns."""
    scene.federation.lines.mend()
    scene.all_talk()
    pairs = [
        (one, asks.views(one, other.code), asks.views(other, one.code)) for one, other in _pairs(scene.federation.homes)
    ]
    equal = [(name, mine[name]) for _, mine, theirs in pairs for name in mine if mine[name] == theirs[name]]
    views = sum(len(mine) for _, mine, _ in pairs)
    scene.agreed = len(equal) == views
    here, there = (asks.status(town)["conflicts"] for town in (scene.federation.wajima, scene.federation.kanazawa))
    scene.conflicts = here
    return [
        Finding(
            "agreed",
            scene.agreed,
            {"pairs": len(equal), "pairs_all": views, "records": sum(view.count for _, view in equal)},
        ),
        Finding("conflict", here == there == 1, {"conflicts": here, "conflicts_there": there}),
    ]


def _check_in_residents(scene: Scene, town: Town, people: Sequence[Resident], site: sites.Site) -> int:
    """Check residents in by the municipality's own key; how many are present by the node's own word."""
    subjects = asks.check_in(town, asks.by_key(person.key for person in people), site.subject)
    scene.subjects.update(zip((person.key for person in people), subjects, strict=True))
    scene.checked_in += len(subjects)
    return len(subjects)


def _asked_for(leavers: Sequence[Resident]) -> list[tuple[Resident, str]]:
    """Some of them, by kanji, by kana and by romaji in turn."""
    spelt = (
        lambda person: f"{person.family.written}{person.given.written}",
        lambda person: f"{person.family.kana} {person.given.kana}",
        lambda person: jaconv.kana2alphabet(jaconv.kata2hira(f"{person.family.kana} {person.given.kana}")),
    )
    step = max(1, len(leavers) // ASKED)
    return [(person, spelt[turn % 3](person)) for turn, person in enumerate(leavers[::step][:ASKED])]


def _is_found(scene: Scene, person: Resident, text: str) -> bool:
    hits = asks.find(scene.federation.kanazawa, text, "reception")
    return scene.subjects[person.key] in {hit["subject"] for hit in hits}


def _pairs(homes: Sequence[Town]) -> list[tuple[Town, Town]]:
    return [(one, other) for place, one in enumerate(homes) for other in homes[place + 1 :]]
