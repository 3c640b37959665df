"""Before the quake: residents, shelters and reports are loaded, and an application is granted."""

import time
from functools import partial

from deploy.demo import asks
from deploy.demo.federation import ISHIKAWA, KANAZAWA, WAJIMA, enrol
from deploy.demo.names import SHIPPED
from deploy.demo.people import write_register
from deploy.demo.scene import Scene
from deploy.demo.telling import Finding
from deploy.demo.towns import Town, at_once

ASKED_FOR = ("identity", "stay", "condition", "care")
"""What the prefecture asks for: who, where, how, and what they need; no address, no telephone."""

PURPOSE = "aid"
"""The word of the purpose list for aid to those affected (援護)."""


def load(scene: Scene) -> list[Finding]:
    """Wajima loads its register, the prefecture the shelters and the reports from Nanao; nobody serves yet."""
    federation = scene.federation
    register = scene.folder / "residents.csv"
    write_register(scene.people, register)
    shelters = _files("shelters-ishikawa.geojson") + _files("nanao/reference_data.csv")
    began = time.monotonic()
    residents, reports = at_once(
        lambda: federation.wajima.does("import", "residents", str(register)).json,
        lambda: _places_and_reports(federation.ishikawa, shelters),
    )
    return [
        Finding(
            "residents",
            residents["taken"] == len(scene.people) and residents["refused"] == 0,
            {
                "taken": residents["taken"],
                "made_up": len(scene.people),
                "seconds": round(time.monotonic() - began, 1),
            },
        ),
        Finding("reports", reports["taken"] > 0, {"reports": reports["taken"], "refused": reports["refused"]}),
    ]


def share(scene: Scene) -> list[Finding]:
    """The nodes begin to talk: shelters go everywhere, the register goes nowhere but to the town's own laptop."""
    federation = scene.federation
    findings = enrol(federation)
    at_once(scene.all_talk, lambda: scene.talk(("laptop", WAJIMA)))
    scene.talk(("laptop", WAJIMA))  # for the shelters, should the town hall have heard of them only meanwhile
    scene.talk(("laptop", WAJIMA))  # shelters that reached the town hall while the laptop was busy
    said = dict(
        zip(federation.towns, at_once(*(partial(asks.status, town) for town in federation.towns.values())), strict=True)
    )
    places = [one["places"] for one in said.values()]
    held = {name: one["residents"] for name, one in said.items()}
    return [
        *findings,
        Finding("places", len(set(places)) == 1 and places[0] > 0, {"places": places[0]}),
        Finding(
            "inside",
            held[KANAZAWA] == held[ISHIKAWA] == 0 and held["laptop"] == held[WAJIMA] == len(scene.people),
            {"kanazawa": held[KANAZAWA], "prefecture": held[ISHIKAWA], "laptop": held["laptop"]},
        ),
    ]


def agree(scene: Scene) -> list[Finding]:
    """The prefecture applies, Wajima grants: each by its own signature, carried by the exchange."""
    wajima, ishikawa = scene.federation.wajima, scene.federation.ishikawa
    words = ("--to", WAJIMA, "--facets", ",".join(ASKED_FOR), "--purpose", "避難者の支援", "--area", WAJIMA)
    application = ishikawa.does("agreement", "apply", *words).json["application"]
    scene.talk((ISHIKAWA, WAJIMA))
    wajima.does("agreement", "grant", application, "--days", "30")
    scene.talk((WAJIMA, ISHIKAWA))
    known = next(
        one for one in ishikawa.does("agreement", "list").json["agreements"] if one["application"] == application
    )
    return [
        Finding(
            "granted",
            known["outcome"] == "granted" and set(known["facets"]) == set(ASKED_FOR),
            {"facets": ", ".join(known["facets"])},
        )
    ]


def _places_and_reports(prefecture: Town, shelters: list[str]) -> dict[str, int]:
    prefecture.does("import", "places", *shelters)
    reports: dict[str, int] = prefecture.does("import", "status", *_files("nanao/open_*.csv"), allowed=(0, 5)).json
    return reports


def _files(pattern: str) -> list[str]:
    return [str(path) for path in sorted(SHIPPED.glob(pattern))]
