"""The door before the screens in a browser: who comes in, how often they may try, and how long they stay."""

import hmac
from collections.abc import Callable
from dataclasses import dataclass, field
from hashlib import sha256
from threading import RLock
from typing import Final, Protocol

from node.errors import DoorCodeWrong, DoorFull, DoorPaused, FieldRefused

MINUTE_MS: Final = 60_000
OPERATOR_CHARACTERS_MAX: Final = 32
"""As long as a staff code may be in a record."""
SECRET_CHARACTERS_MAX: Final = 256

TRIES: Final = 5
"""Wrong tries in a row before the first pause, whoever made them: on one machine all come from one address."""
FIRST_PAUSE_MS: Final = 30_000
LONGEST_PAUSE_MS: Final = 15 * MINUTE_MS

IDLE_MS: Final = 30 * MINUTE_MS
"""Nothing was typed for so long: whoever it was has gone."""
STAY_MS: Final = 12 * 60 * MINUTE_MS
"""A shift; then they sign in again."""
INSIDE_MAX: Final = 8
"""People, each with screens of their own, about 100 MB."""

CODE_BYTES: Final = 10
"""80 bits: not to be guessed, whatever the pauses."""
TOKEN_BYTES: Final = 32
_ALPHABET: Final = "0123456789ABCDEFGHJKMNPQRSTVWXYZ"
_ALIKE: Final = str.maketrans("OIL", "011")


class Door(Protocol):
    """How somebody shows who they are."""

    def enter(self, operator: str, secret: str) -> str:
        """Lets them in. Blocks as long as it must. Returns their PIN, for the screens to look at; "": they have none.

        Raises:
            MoyaiError: it is not them.
        """

    def stands(self, operator: str) -> str:
        """What they show themselves by, as it is kept now: where it has changed, whoever came in by it is out."""


class CodeDoor:
    """One code at a time, told on the terminal the command runs in; whoever uses it up is in, and the next is told."""

    def __init__(self, entropy: Callable[[int], bytes], tell: Callable[[str], None]) -> None:
        self._entropy = entropy
        self._tell = tell
        self._digest = b""

    def issue(self) -> None:
        """A new code in place of the one before, which is good no more. Only its hash is kept."""
        number = int.from_bytes(self._entropy(CODE_BYTES))
        letters = "".join(_ALPHABET[number >> shift & 31] for shift in range(0, CODE_BYTES * 8, 5))
        self._digest = _digest(letters)
        self._tell("-".join(letters[start : start + 4] for start in range(0, len(letters), 4)))

    def enter(self, operator: str, secret: str) -> str:  # noqa: ARG002 -- the code is nobody's in particular
        """Uses the code up.

        Raises:
            DoorCodeWrong: it is another, or none was issued.
        """
        if not self._digest or not hmac.compare_digest(_digest(_plain(secret)), self._digest):
            raise DoorCodeWrong
        self._digest = b""
        self.issue()
        return ""

    def stands(self, operator: str) -> str:  # noqa: ARG002 -- the code is nobody's in particular
        """Always the same: a code is good once, and nobody takes it back."""
        return ""


class PinDoor:
    """Where the staff of a node are known: the operator's own PIN."""

    def __init__(self, sign_in: Callable[[str, str], object], verifier: Callable[[str], str]) -> None:
        """`sign_in` takes code and PIN, and raises a MoyaiError where it is not them; `verifier` is what the PIN of
        this code is checked against now, "" where nobody of that code works here."""
        self._sign_in = sign_in
        self._verifier = verifier

    def enter(self, operator: str, secret: str) -> str:
        """Looks at the PIN. Raises what `sign_in` does."""
        self._sign_in(operator, secret)
        return secret

    def stands(self, operator: str) -> str:
        """Another after a new PIN, and after somebody has retired."""
        return self._verifier(operator)


@dataclass(slots=True)
class Guest:
    """Somebody inside."""

    operator: str
    since_ms: int
    last_ms: int
    pin: str = field(default="", repr=False)
    """For the screens, which look at it themselves. Kept in memory alone, and as long as they are inside."""
    stood: str = field(default="", repr=False)
    """What the door had of them when they came in."""


@dataclass(slots=True)
class Porter:
    """Lets people in through a door, counts wrong tries, and knows who is inside by the token they were given."""

    door: Door
    entropy: Callable[[int], bytes]
    now_ms: Callable[[], int]
    note: Callable[[str, str], None]
    """Writes into the log: the act ("sign-in", "sign-in-wrong", "sign-in-paused", "sign-out") and the operator."""
    _inside: dict[bytes, Guest] = field(default_factory=dict)
    _turn: RLock = field(default_factory=RLock)
    """Several may sign in at once, each in a thread."""
    _failures: int = 0
    _failed_ms: int = 0

    def admit(self, operator: str, secret: str) -> str:
        """Let somebody in; returns the token they show from now on, of which only a hash is kept here. Who is inside
        already is so by the new token alone: one person takes one place, however often they sign in.

        Raises:
            FieldRefused: no operator was named.
            DoorPaused: after too many wrong tries; nothing was looked at.
            DoorFull: too many are inside.
            MoyaiError: it is not them.
        """
        operator = operator.strip()
        if not 0 < len(operator) <= OPERATOR_CHARACTERS_MAX or not operator.isprintable() or operator.startswith("-"):
            raise FieldRefused(field="operator", rule="length")
        now = self.now_ms()
        paused = pause_ms(self._failures) - (now - self._failed_ms)
        if self._failures and paused > 0:
            self.note("sign-in-paused", "")
            raise DoorPaused(seconds=-(-paused // 1_000))
        self._leave_idle(now)
        self._need_room(operator)
        self._failures, self._failed_ms = self._failures + 1, now  # before it is looked at: two at once count as two
        stood = self.door.stands(operator)  # before: of a PIN that is changed meanwhile, nobody is inside
        try:
            pin = self.door.enter(operator, secret[:SECRET_CHARACTERS_MAX])
        except Exception:
            self.note("sign-in-wrong", "")
            raise
        self._failures = 0
        token = self.entropy(TOKEN_BYTES).hex()
        with self._turn:
            self._need_room(operator)
            for key in [key for key, guest in self._inside.items() if guest.operator == operator]:
                self._out(key)
            self._inside[_key(token)] = Guest(operator, now, now, pin, stood)
        self.note("sign-in", operator)
        return token

    def inside(self, token: str) -> Guest | None:
        """Who shows this token; None: nobody who is still inside. Whoever has another PIN by now, or has retired, is
        not: the screens would be handed a PIN that is wrong, and every window opened would count as a wrong try."""
        now = self.now_ms()
        self._leave_idle(now)
        guest = self._inside.get(_key(token))
        if guest is not None and self.door.stands(guest.operator) != guest.stood:
            self.leave(token)
            return None
        return guest

    def typed(self, token: str) -> bool:
        """They have typed something just now. False: they are inside no more."""
        guest = self.inside(token)
        if guest is None:
            return False
        guest.last_ms = self.now_ms()
        return True

    def leave(self, token: str) -> None:
        """They have gone."""
        self._out(_key(token))

    def _need_room(self, operator: str) -> None:
        with self._turn:
            if sum(guest.operator != operator for guest in self._inside.values()) >= INSIDE_MAX:
                raise DoorFull(expected=INSIDE_MAX)

    def _leave_idle(self, now: int) -> None:
        with self._turn:
            for key, guest in list(self._inside.items()):
                if now - guest.last_ms >= IDLE_MS or now - guest.since_ms >= STAY_MS:
                    self._out(key)

    def _out(self, key: bytes) -> None:
        guest = self._inside.pop(key, None)
        if guest is not None:
            self.note("sign-out", guest.operator)


def pause_ms(failures: int) -> int:
    """How long nothing is looked at after so many wrong tries: half a minute, doubled each time, 15 minutes at most."""
    if failures < TRIES:
        return 0
    return min(LONGEST_PAUSE_MS, FIRST_PAUSE_MS << min(failures - TRIES, 10))


def _key(token: str) -> bytes:
    """A browser may send anything for a token, half a character as well."""
    return sha256(token.encode(errors="replace")).digest()


def _plain(code: str) -> str:
    letters = "".join(letter for letter in code.upper() if letter.isalnum())
    return letters.translate(_ALIKE)


def _digest(letters: str) -> bytes:
    return sha256(b"moyai door\n" + letters.encode(errors="replace")).digest()
