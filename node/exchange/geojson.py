"""Reads the features of a GeoJSON list of places as rows."""

import json
from collections.abc import Iterator
from typing import Any, Final

from node.errors import FileNotATable, FileTooLarge
from node.exchange.cells import Cells
from node.exchange.headers import Header
from node.exchange.source import Source

JSON_BYTES_MAX: Final = 134_217_728
"""Such a file is parsed as a whole. All of Japan's emergency sites would be 60 MB."""


def is_geojson(source: Source) -> bool:
    """Whether the file begins as JSON does."""
    with source.open() as stream:
        return stream.read(64).removeprefix(b"\xef\xbb\xbf").lstrip()[:1] == b"{"


def features(source: Source, kind: str) -> Iterator[tuple[int, Cells]]:
    """The number of each feature, from 1, and its properties as cells, position included.

    Raises:
        FileNotATable: it is no GeoJSON FeatureCollection.
        FileTooLarge: it is more than this node parses at once.
    """
    with source.open(tell=True) as stream:
        raw = stream.read(JSON_BYTES_MAX + 1)
    if len(raw) > JSON_BYTES_MAX:
        raise FileTooLarge(bytes_max=JSON_BYTES_MAX)
    try:
        document = json.loads(raw.decode("utf-8-sig"))
    except (ValueError, RecursionError):
        document = None
    found = document.get("features") if isinstance(document, dict) else None
    if not isinstance(found, list):
        raise FileNotATable(kind="not-geojson")
    return ((number, _cells(feature, kind)) for number, feature in enumerate(found, start=1))


def _cells(feature: Any, kind: str) -> Cells:
    properties = _part(feature, "properties")
    cells = [*properties, "経度", "緯度"]
    header = Header(cells, kind)
    values = {name: _text(properties[cells[at]]) for name, at in header.positions.items() if cells[at] in properties}
    coordinates = _part(feature, "geometry").get("coordinates")
    if isinstance(coordinates, list) and len(coordinates) >= 2:
        values |= {"longitude": _text(coordinates[0]), "latitude": _text(coordinates[1])}
    return Cells(header, values)


def _part(feature: Any, name: str) -> dict[str, Any]:
    part = feature.get(name) if isinstance(feature, dict) else None
    return part if isinstance(part, dict) else {}


def _text(value: Any) -> str:
    """A property as the cell it would be in a CSV; nothing for null and for what is no plain value."""
    if isinstance(value, bool) or value is None or not isinstance(value, (str, int, float)):
        return ""
    return str(value).strip()
