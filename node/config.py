"""What one installation is set up to be: the node directory and its node.toml."""

import errno
import json
import tomllib
from dataclasses import dataclass
from pathlib import Path
from typing import Annotated, Literal

from pydantic import AfterValidator, BaseModel, ConfigDict, Field, ValidationError

from node.errors import ConfigMalformed, NodeNotSetUp
from node.files import write_durably
from node.release.retention import INQUIRY_DAYS, NOTICE_DAYS, RETENTION_DAYS
from node.serving import Serving

_PRINTABLE = r"^[^\x00-\x1f\x7f-\x9f]*$"

PORT_MAX = 65_535


def _address(written: str) -> str:
    """A larger port would be taken modulo 65,536, and the node listen where nobody looks for it."""
    host, _, port = written.rpartition(":")
    if written and not (host and port.isascii() and port.isdigit() and int(port) <= PORT_MAX):
        raise ValueError("host:port")
    return written


_Address = Annotated[str, AfterValidator(_address)]


class NodeConfig(BaseModel):
    """node.toml: nothing secret, nothing about a person."""

    model_config = ConfigDict(frozen=True, extra="forbid", hide_input_in_errors=True)

    organisation: str = Field(pattern=r"^[0-9A-Z][0-9]{5}$")
    """Code of the organisation."""
    organisation_name: str = Field(min_length=1, max_length=64, pattern=_PRINTABLE)
    kind: Literal["municipality", "prefecture", "support"]
    role: Literal["home", "field"]
    label: str = Field(min_length=1, max_length=32, pattern=_PRINTABLE)
    listen: _Address = ""
    """Where a home node listens, "host:port"."""
    enrolment_listen: _Address = ""
    """Where a home node hands out certificates for one-time codes; empty: the port after `listen`."""
    key_file: str = ""
    """Root-only file with the store's key; empty: a passphrase is asked for."""
    sync_every_s: int = Field(default=60, ge=1, le=86_400)
    """How often a peer is called when nothing is new."""
    lock_after_minutes: int = Field(default=10, ge=0, le=1_440)
    """After so many minutes without a key the screens are locked; 0: never."""
    metrics: _Address = ""
    """Where figures are given to Prometheus while the node runs, "host:port"; empty: nowhere."""
    metrics_beyond_loopback: bool = False
    """Whether that may be an address others can reach: who asks is not asked who they are."""
    drill: bool = False
    """A node for drills, as `moyai init --drill` made it. The ledger and the roster decide; this is only for what is
    asked before the ledger is open."""
    inquiry_days: int = Field(default=INQUIRY_DAYS, ge=1, le=3_650)
    """For how many days safety inquiries are kept once no disaster is open (decision 0016)."""
    retention_days: int = Field(default=RETENTION_DAYS, ge=NOTICE_DAYS, le=36_500)
    """For how many days what is held of people is kept once no disaster is open that touched them (decision 0017)."""
    place: str = ""
    """Id of the place the desk stands at, as hex; empty: the desk asks."""


@dataclass(frozen=True, slots=True)
class NodeDirectory:
    """Where an installation keeps everything it has."""

    path: Path

    @property
    def config(self) -> Path:
        return self.path / "node.toml"

    @property
    def ledger(self) -> Path:
        return self.path / "ledger.db"

    @property
    def wrapped_key(self) -> Path:
        """The store's key under a passphrase; absent where a key file is used."""
        return self.path / "store.key"

    @property
    def organisation_key(self) -> Path:
        """The organisation's signing and box keys under a passphrase; on the home node only."""
        return self.path / "organisation.key"

    @property
    def unfinished(self) -> Path:
        """There from the making of a home node until its certificate is written: what a crash between leaves."""
        return self.path / "unfinished"

    @property
    def serving(self) -> Serving:
        """By which the processes of this node know of each other."""
        return Serving(self.path / "serving", self.path / "asked")

    @property
    def member_card(self) -> Path:
        return self.path / "member.json"

    def read_config(self) -> NodeConfig:
        """Read node.toml.

        Raises:
            NodeNotSetUp: there is none.
            ConfigMalformed: it can't be read, or does not say what it should; `what` names the fault or the field.
        """
        try:
            return NodeConfig.model_validate(tomllib.loads(self.config.read_text(encoding="utf-8")))
        except (FileNotFoundError, NotADirectoryError) as error:
            raise NodeNotSetUp(directory=str(self.path), what="node.toml") from error
        except OSError as error:
            raise self._malformed(errno.errorcode.get(error.errno or 0, "-")) from error
        except UnicodeDecodeError as error:
            raise self._malformed("UTF-8") from error
        except tomllib.TOMLDecodeError as error:
            raise self._malformed("TOML") from error
        except ValidationError as error:
            raise self._malformed(str(error.errors()[0]["loc"][0])) from error

    def _malformed(self, what: str) -> ConfigMalformed:
        return ConfigMalformed(directory=str(self.path), what=what)

    def write_config(self, config: NodeConfig) -> None:
        """Write node.toml so that it is whole after a crash."""
        lines = ["# What this installation is. Nothing in here is secret. `moyai init` wrote it; it may be edited.\n"]
        for name, value in config.model_dump().items():
            shown = json.dumps(value if isinstance(value, int) else str(value), ensure_ascii=False)
            lines.append(f"{name} = {shown}\n")
        write_durably(self.config, "".join(lines).encode(), mode=0o644)
