"""What every command shares: which node, who asks, in which language, and how an answer is printed."""

import errno
import getpass
import json
import os
import re
import sys
from collections.abc import Callable, Iterator, Sequence
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path
from typing import TYPE_CHECKING, Annotated, Any

from cyclopts import Parameter

from node.chance import entropy, wall_clock_ms
from node.cli.main import STDIN
from node.config import NodeDirectory
from node.errors import FileMissing, InputRefused, NodeNotSetUp, PassphraseMissing, SubjectUnknown
from node.words import preferred_language, word

if TYPE_CHECKING:
    from node.installation import Installation

DEFAULT_NODE = Path.home() / ".local/share/moyai"


@Parameter(name="*")
@dataclass(frozen=True, kw_only=True)
class Common:
    """Options of every command."""

    node: Annotated[Path, Parameter(name="--node", env_var="MOYAI_NODE")] = DEFAULT_NODE
    """Directory of the node."""
    operator: Annotated[str, Parameter(name="--operator", env_var="MOYAI_OPERATOR")] = ""
    """Staff code of who is at the keyboard; written into every record. Default: the login name."""
    lang: Annotated[str, Parameter(name="--lang", env_var="MOYAI_LANG")] = ""
    """Language of what is printed: ja or en."""
    json: Annotated[bool, Parameter(name="--json", negative="")] = False
    """Print one JSON object instead of text."""
    passphrase_file: Annotated[Path | None, Parameter(name="--passphrase-file", env_var="MOYAI_PASSPHRASE_FILE")] = None
    """File whose first line is the passphrase, in place of a prompt."""
    pin_file: Annotated[Path | None, Parameter(name="--pin-file", env_var="MOYAI_PIN_FILE")] = None
    """File whose first line is the operator's PIN, in place of a prompt, on a node whose staff are known."""

    @property
    def language(self) -> str:
        """The language to print in."""
        return self.lang if self.lang in ("ja", "en") else preferred_language(dict(os.environ))

    @property
    def who(self) -> str:
        """The operator's staff code, at most 32 characters.

        Raises:
            InputRefused: none was given, and whoever runs this has no login name.
        """
        try:
            return (self.operator or getpass.getuser())[:32]
        except (KeyError, OSError) as error:  # of an account without a name
            raise InputRefused(expected="--operator", got=0) from error

    def passphrase(self) -> str:
        """The node's passphrase, from the file or typed.

        Raises:
            PassphraseMissing: there is no file, and nobody to type.
        FileMissing: the file can't be read.
        """
        if self.passphrase_file is not None:
            return (read_file(self.passphrase_file).decode("utf-8", "replace").splitlines() or [""])[0]
        if not sys.stdin.isatty():
            raise PassphraseMissing
        return getpass.getpass(f"{self.drill_mark}passphrase: ")

    @property
    def drill_mark(self) -> str:
        """Before whatever is asked or told at a node for drills, as its node.toml has it; else empty."""
        try:
            drill = NodeDirectory(self.node).read_config().drill
        except NodeNotSetUp:
            return ""
        return word("drill.mark", self.language) if drill else ""

    @contextmanager
    def opened(
        self, *, unattended: bool = False, passphrase: Callable[[], str] | None = None
    ) -> "Iterator[Installation]":
        """The node, opened for the time of the command, once its operator has signed in; `unattended` is what runs
        without anybody at the keyboard, or asks by itself; `passphrase` asks for it in another way than usual. See
        `signing_in` for what it raises."""
        from node.cli.signing_in import sign_in  # noqa: PLC0415 -- options of a command are read before all is loaded
        from node.installation import open_node  # noqa: PLC0415

        node = open_node(
            self.node,
            passphrase=passphrase or self.passphrase,
            now_ms=wall_clock_ms,
            entropy=entropy,
            upgrading=self._upgrading,
        )
        try:
            if node.is_drill and not self.json:
                print(word("drill.line", self.language), file=sys.stderr, flush=True)  # noqa: T201 -- beside the answer
            if not unattended:
                sign_in(node, self.who, self.pin_file, before=word("drill.mark", self.language) * node.is_drill)
            yield node
        finally:
            node.close()

    def _upgrading(self, what: str, done: int, total: int) -> None:
        """Say on standard error how far an older ledger is brought up: it takes long, and must not be cut short."""
        said = word(f"upgrade.{what}", self.language, percent=100 * done // max(total, 1), done=done, total=total)
        print(said, file=sys.stderr, flush=True)  # noqa: T201 -- beside what is printed

    def say(self, answer: dict[str, Any], *lines: str) -> None:
        """Print the answer: as JSON, or as these lines."""
        if self.json:
            told = json.dumps(answer, ensure_ascii=False, default=_plain)
            print(_CONTROLS.sub(_escaped, told))  # noqa: T201 -- the one place that prints
        else:
            for line in lines:
                print(_CONTROLS.sub("\N{REPLACEMENT CHARACTER}", line), flush=True)  # noqa: T201

    def say_on_the_way(self, line: str) -> None:
        """Print a line of what takes long as soon as it is known; JSON is said in one piece, at the end."""
        if not self.json:
            self.say({}, line)


NO_OPTIONS = Common()

_CONTROLS = re.compile(r"[\x00-\x1f\x7f-\x9f\u2028\u2029\u202a-\u202e\u2066-\u2069]")
"""What could speak to a terminal, or turn the writing round: a staff code or a name may come from anywhere."""

_NOT_OPENED = frozenset({errno.ENOENT, errno.EISDIR, errno.EACCES, errno.ENOTDIR, errno.EROFS, errno.ELOOP})


@contextmanager
def can_be_missing(file: Path) -> Iterator[None]:
    """Around what reads or writes a file that was named.

    Raises:
        FileMissing: it can't be opened; `what` says why.
    """
    try:
        yield
    except OSError as error:
        if error.errno not in _NOT_OPENED:
            raise
        raise FileMissing(expected=str(file), what=type(error).__name__) from error


def read_file(file: Path) -> bytes:
    """What stands in a file that was named. Raises FileMissing."""
    with can_be_missing(file):
        return file.read_bytes()


def _escaped(found: re.Match[str]) -> str:
    return f"\\u{ord(found[0]):04x}"


def _plain(value: object) -> object:
    if isinstance(value, bytes):
        return value.hex()
    if isinstance(value, Path):
        return str(value)
    raise TypeError(type(value).__name__)


def subjects_of(node: "Installation", words: Sequence[str]) -> list[bytes]:
    """The people meant: ids as hex, `key:` with the municipality's own key, or `-` for such words on standard input.

    Raises:
        SubjectUnknown: a word names nobody this node knows.
        InputRefused: nobody was named.
    """
    if not words:
        raise InputRefused(expected="SUBJECT", got=0)
    spread = [line.strip() for line in sys.stdin] if list(words) == [STDIN] else list(words)
    return [subject_of(node, one) for one in spread if one]


def subject_of(node: "Installation", word: str) -> bytes:
    """The person meant by one word. Raises SubjectUnknown."""
    if word.startswith("key:"):
        found = node.ledger.resident_by_key(word.removeprefix("key:"))
        if found is None:
            raise SubjectUnknown(subject="key")
        return found
    return hex_id(word)


def hex_id(word: str) -> bytes:
    """An id of 16 bytes as hex.

    Raises:
        InputRefused: it is none.
    """
    try:
        read = bytes.fromhex(word)
    except ValueError as error:
        raise InputRefused(expected="32 hex digits", got=len(word)) from error
    if len(read) != 16:
        raise InputRefused(expected="32 hex digits", got=len(word))
    return read


def place_of(node: "Installation", word: str) -> bytes:
    """The place meant: its id as hex, its national ID, or the id of a local list.

    Raises:
        PlaceUnknown, InputRefused: there is none.
    """
    found = node.ledger.place_by_national_id(word) or node.ledger.place_by_local_id(word)
    return found.subject if found is not None else hex_id(word)


def listed(words: str) -> list[str]:
    """A list typed with commas."""
    return [word.strip() for word in words.split(",") if word.strip()]
