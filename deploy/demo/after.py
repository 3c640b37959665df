"""What each may know, and what a person can forbid: a search, somebody hidden, a consent and its withdrawal."""

from deploy.demo import asks
from deploy.demo.before import ASKED_FOR, PURPOSE
from deploy.demo.federation import ISHIKAWA, KANAZAWA, WAJIMA
from deploy.demo.people import Resident
from deploy.demo.scene import Scene
from deploy.demo.telling import Finding
from deploy.demo.towns import Town

CONSENTED = ("identity", "contact", "stay")
NOBODY = "存在　しない男"
"""A name nobody in the made-up town bears."""

ASKED = 4
"""How many people the prefecture asks for by name."""


def search_with_purpose(scene: Scene) -> list[Finding]:
    """The prefecture finds people at both shelters, and of each only what was granted."""
    wajima, ishikawa = scene.federation.wajima, scene.federation.ishikawa
    refused = ishikawa.does("find", scene.cast.far[0].written, allowed=(1, 2))
    asked = (scene.cast.far + scene.cast.leavers)[:: (len(scene.cast.far) + len(scene.cast.leavers)) // ASKED][:ASKED]
    found = [person for person in asked if _finds(ishikawa, scene, person)]
    told = set[str]().union(*(asks.facets(ishikawa, subject) for subject in scene.ids(asked)))
    known = set[str]().union(*(asks.facets(wajima, subject) for subject in scene.ids(asked)))
    peers = {peer["organisation"]: peer for peer in asks.status(wajima)["peers"]}
    scene.withheld = peers[ISHIKAWA]["withheld"]
    return [
        Finding("no_purpose", refused.code != 0, {"reason": refused.reason}),
        Finding(
            "told",
            len(found) == len(asked) and told <= set(ASKED_FOR),
            {"found": len(found), "asked": len(asked), "facets": ", ".join(sorted(told))},
        ),
        Finding(
            "withheld",
            scene.withheld > 0 and not (known - set(ASKED_FOR)) & told,
            {"facets": ", ".join(sorted(known - told)), "withheld": scene.withheld},
        ),
    ]


def look_for_the_hidden(scene: Scene) -> list[Finding]:
    """Their own town knows them; everyone else gets the answer for a name nobody bears."""
    hidden = scene.cast.hidden
    at_home, in_kanazawa, in_prefecture = (
        len(asks.find(town, hidden.written, PURPOSE)) for town in scene.federation.homes
    )
    answers = [
        (town.does("find", name, "--purpose", PURPOSE).said.replace(name, ""))
        for town in (scene.federation.kanazawa, scene.federation.ishikawa)
        for name in (hidden.written, NOBODY)
    ]
    return [
        Finding("found_at_home", at_home >= 1, {"hits": at_home}),
        Finding(
            "found_nowhere",
            in_kanazawa == in_prefecture == 0,
            {"kanazawa": in_kanazawa, "prefecture": in_prefecture},
        ),
        Finding("same_answer", answers[0] == answers[1] and answers[2] == answers[3]),
    ]


def consent_and_withdrawal(scene: Scene) -> list[Finding]:
    """On a consent Kanazawa is told, on its withdrawal it erases and signs that it has."""
    wajima, kanazawa = scene.federation.wajima, scene.federation.kanazawa
    subject = scene.subjects[scene.cast.consenting.key]
    before = asks.facets(kanazawa, subject)
    words = ("consent", "give", subject, "--to", KANAZAWA, "--facets", ",".join(CONSENTED))
    slot = wajima.does(*words).json["slot"]
    scene.talk((WAJIMA, KANAZAWA))
    told = asks.facets(kanazawa, subject)
    wajima.does("consent", "withdraw", subject, slot)
    scene.talk((WAJIMA, KANAZAWA), (KANAZAWA, WAJIMA))
    left = asks.facets(kanazawa, subject)
    consents = wajima.does("consent", "list", subject).json["consents"]
    receipts = next(one for one in consents if one["slot"] == slot)["confirmed"]
    return [
        Finding("not_before", not before, {"facets": _listed(before)}),
        Finding("on_consent", set(CONSENTED) <= told, {"facets": _listed(told)}),
        Finding("gone", not left & set(CONSENTED), {"facets": _listed(left)}),
        Finding("receipt", receipts == [KANAZAWA], {"receipts": ", ".join(receipts)}),
    ]


def stop(scene: Scene) -> list[Finding]:
    """Every daemon ends when asked."""
    codes = [code for code in scene.federation.close() if code is not None]
    carried = f"{scene.federation.lines.carried_bytes() / 1_000_000:.1f} MB"
    return [
        Finding(
            "stopped",
            set(codes) == {0},
            {"nodes": len(codes), "codes": ", ".join(map(str, codes)), "carried": carried},
        )
    ]


def _finds(town: Town, scene: Scene, person: Resident) -> bool:
    return scene.subjects[person.key] in {hit["subject"] for hit in asks.find(town, person.written, PURPOSE)}


def _listed(facets: set[str]) -> str:
    return ", ".join(sorted(facets)) or "-"
