"""The three real shelters in which the story plays."""

import json
from dataclasses import dataclass

from deploy.demo.names import SHIPPED
from node.records.subjects import place_subject


@dataclass(frozen=True, slots=True)
class Site:
    """A designated shelter, by its national ID."""

    national_id: str

    @property
    def subject(self) -> str:
        """Its subject id, the same in every node."""
        return place_subject(self.national_id).hex()

    @property
    def name(self) -> str:
        """Its name as published."""
        return _names()[self.national_id]


AT_HAND = Site("E1720400004112")
FAR = Site("E1720400051111")
HOST = Site("E1720100359111")


def _names() -> dict[str, str]:
    features = json.loads((SHIPPED / "shelters-ishikawa.geojson").read_text(encoding="utf-8"))["features"]
    return {one["properties"]["共通ID"]: one["properties"]["施設・場所名"] for one in features}
