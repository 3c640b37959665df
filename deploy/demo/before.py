"""Before the quake: residents, shelters and reports are loaded, and an application is granted."""

import time

from deploy.demo import asks
from deploy.demo.federation import ISHIKAWA, WAJIMA
from deploy.demo.names import SHIPPED
from deploy.demo.people import write_register
from deploy.demo.scene import Scene
from deploy.demo.telling import Finding

ASKED_FOR = ("identity", "stay", "condition", "care")
"""What the prefecture asks for: who, where, how, and what they need; no address, no telephone."""

PURPOSE = "避難者の支援"


def load(scene: Scene) -> list[Finding]:
    """Wajima loads its register, the prefecture the shelters and the reports from Nanao; then all talk."""
    federation = scene.federation
    register = scene.folder / "residents.csv"
    write_register(scene.people, register)
    began = time.monotonic()
    residents = federation.wajima.does("import", "residents", str(register)).json
    seconds = time.monotonic() - began
    shelters = _files("shelters-ishikawa.geojson") + _files("nanao/reference_data.csv")
    federation.ishikawa.does("import", "places", *shelters)
    reports = federation.ishikawa.does("import", "status", *_files("nanao/open_*.csv")).json
    scene.all_talk()
    scene.talk(("laptop", WAJIMA))
    said = {name: asks.status(town) for name, town in federation.towns.items()}
    places = {said[town.code]["places"] for town in federation.homes}
    held = {name: one["residents"] for name, one in said.items()}
    return [
        Finding(
            "residents",
            residents["taken"] == held[WAJIMA] == len(scene.people),
            {"taken": held[WAJIMA], "made_up": len(scene.people), "seconds": round(seconds, 1)},
        ),
        Finding("places", len(places) == 1 and min(places) > 0, {"places": max(places)}),
        Finding("reports", reports["taken"] > 0, {"reports": reports["taken"], "refused": reports["refused"]}),
        Finding(
            "inside",
            held["172014"] == held[ISHIKAWA] == 0 and held["laptop"] == len(scene.people),
            {"kanazawa": held["172014"], "prefecture": held[ISHIKAWA], "laptop": held["laptop"]},
        ),
    ]


def agree(scene: Scene) -> list[Finding]:
    """The prefecture applies, Wajima grants: each by its own signature, carried by the exchange."""
    wajima, ishikawa = scene.federation.wajima, scene.federation.ishikawa
    words = ("--to", WAJIMA, "--facets", ",".join(ASKED_FOR), "--purpose", PURPOSE, "--area", WAJIMA)
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


def _files(pattern: str) -> list[str]:
    return [str(path) for path in sorted(SHIPPED.glob(pattern))]
