"""node.toml: what is written is read back the same, and what it should not say is refused by the setting's name."""

from pathlib import Path

import pytest
from pydantic import ValidationError

from node.config import NodeConfig, NodeDirectory
from node.errors import NodeNotSetUp

SETTINGS = {
    "organisation": "172049",
    "organisation_name": "輪島市",
    "kind": "municipality",
    "role": "home",
    "label": "wajima-home",
}


@pytest.mark.parametrize(
    "changed",
    [
        {},
        {"organisation_name": 'a "quoted" \\ name'},
        {"label": "河井小学校 1号機"},
        {"listen": "127.0.0.1:7443", "enrolment_listen": "[::1]:7444", "key_file": 'C:\\keys\\"x"', "sync_every_s": 5},
        {"place": "00" * 16},
        {"organisation": "S00001", "kind": "support"},
    ],
)
def test_what_is_written_is_read_back_the_same(tmp_path: Path, changed: dict[str, object]) -> None:
    directory = NodeDirectory(tmp_path)
    config = NodeConfig.model_validate(SETTINGS | changed)
    directory.write_config(config)
    assert directory.read_config() == config


@pytest.mark.parametrize(
    "changed",
    [
        {"organisation": "17204"},
        {"organisation_name": ""},
        {"organisation_name": "a\nb"},
        {"label": "x" * 33},
        {"label": "a\x1b[2J"},
        {"kind": "company"},
        {"role": "relay"},
        {"sync_every_s": 0},
        {"no_such_setting": 1},
    ],
)
def test_a_setting_that_does_not_fit_is_refused(changed: dict[str, object]) -> None:
    with pytest.raises(ValidationError):
        NodeConfig.model_validate(SETTINGS | changed)


@pytest.mark.parametrize(
    ("written", "what"),
    [
        (None, "node.toml"),
        ("organisation = ", "TOML"),
        ('organisation = "172049"', "organisation_name"),
    ],
)
def test_a_directory_without_a_whole_node_toml_holds_no_node(tmp_path: Path, written: str | None, what: str) -> None:
    if written is not None:
        (tmp_path / "node.toml").write_text(written, encoding="utf-8")
    with pytest.raises(NodeNotSetUp) as refused:
        NodeDirectory(tmp_path).read_config()
    assert refused.value.details["what"] == what
