"""node.toml: what is written is read back the same, and what it should not say is refused by the setting's name."""

from pathlib import Path

import pytest
from pydantic import ValidationError

from node.config import NodeConfig, NodeDirectory
from node.errors import ConfigMalformed, ConfigOfAnother, NodeNotSetUp
from node.installation import open_node
from tests.builders.nodes import federation
from tests.builders.trust import KANAZAWA, WAJIMA

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
        {"listen": "nonsense"},
        {"listen": ":7443"},
        {"listen": "127.0.0.1:99999"},
        {"enrolment_listen": "127.0.0.1:-1"},
    ],
)
def test_a_setting_that_does_not_fit_is_refused(changed: dict[str, object]) -> None:
    with pytest.raises(ValidationError):
        NodeConfig.model_validate(SETTINGS | changed)


def test_a_directory_without_node_toml_holds_no_node(tmp_path: Path) -> None:
    with pytest.raises(NodeNotSetUp) as refused:
        NodeDirectory(tmp_path).read_config()
    assert (refused.value.reason, refused.value.details["what"]) == ("NODE_NOT_SET_UP", "node.toml")


@pytest.mark.parametrize(
    ("written", "what"),
    [
        (b"organisation = ", "TOML"),
        (b'organisation = "172049"', "organisation_name"),
        (b"\xff\xfe\0", "UTF-8"),
        (b"sync_every_s = 'x'", "organisation"),
        (None, "EISDIR"),
    ],
)
def test_a_node_toml_that_is_damaged_is_not_taken_for_none(tmp_path: Path, written: bytes | None, what: str) -> None:
    file = tmp_path / "node.toml"
    file.mkdir() if written is None else file.write_bytes(written)
    with pytest.raises(ConfigMalformed) as refused:
        NodeDirectory(tmp_path).read_config()
    assert refused.value.details["what"] == what


@pytest.mark.parametrize(("setting", "other"), [("organisation", KANAZAWA), ("role", "field")])
def test_a_node_whose_node_toml_is_of_another_does_not_open(tmp_path: Path, setting: str, other: str) -> None:
    """What it wrote under the wrong name would be set aside by everybody, when it is too late to write it again."""
    with federation(tmp_path, WAJIMA) as made:
        directory = made[WAJIMA].directory
        config = directory.read_config()
        directory.write_config(config.model_copy(update={setting: other}))
        with pytest.raises(ConfigOfAnother) as refused:
            open_node(directory.path, passphrase=lambda: "", now_ms=made.time, entropy=made.entropy)
        assert refused.value.details["expected"] == f"{WAJIMA} (home)"
        directory.write_config(config)
        made.open(WAJIMA)
