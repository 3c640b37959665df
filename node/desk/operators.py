"""The staff of a node: made, given a role and a PIN, signing in, retired; every one of these acts in the log."""

from dataclasses import dataclass, replace
from typing import Final

from node.desk.post import Post
from node.desk.rights import Right, Role
from node.errors import (
    FieldRefused,
    FirstIsChief,
    LastChief,
    OperatorExists,
    OperatorUnknown,
    PinPaused,
    PinTooPlain,
    PinWrong,
    WordUnknown,
)
from node.ledger import AuditEntry, OperatorRow, Writing
from node.trust import pins
from node.trust.keyfile import Effort

CODE_CHARACTERS_MAX: Final = 32
"""As long as a staff code may be in a record."""

TRIES: Final = 5
"""Wrong PINs in a row before the first pause."""
FIRST_PAUSE_MS: Final = 30_000
LONGEST_PAUSE_MS: Final = 15 * 60_000
"""At four tries an hour, a PIN of four digits that was chosen by chance lasts for more than a month of nights."""


@dataclass(frozen=True, slots=True)
class OperatorView:
    """One member of staff, as a list shows them."""

    code: str
    role: str
    retired: bool
    pin_is_lent: bool
    """A chief chose the PIN; the operator is asked for one of their own."""
    paused_s: int
    """So many seconds no PIN of theirs is looked at."""


def pause_ms(failures: int) -> int:
    """How long no PIN is looked at after so many wrong ones in a row: half a minute, doubled with each, at most 15."""
    if failures < TRIES:
        return 0
    return min(LONGEST_PAUSE_MS, FIRST_PAUSE_MS << min(failures - TRIES, 10))


@dataclass(frozen=True, slots=True)
class Operators:
    """The staff, seen from one desk. Every change is logged with the code it is about, never with a PIN."""

    _post: Post
    _effort: Effort = pins.DESK

    def exist(self) -> bool:
        """Whether any was made: until then everybody works under the name they give."""
        return self._post.ledger.has_operators()

    def listed(self) -> list[OperatorView]:
        """All of them."""
        return [self._view(row) for row in self._post.ledger.operators()]

    def one(self, code: str) -> OperatorView:
        """One who works here. Raises OperatorUnknown."""
        return self._view(self._working(code))

    def sign_in(self, code: str, pin: str) -> OperatorView:
        """Make sure that it is them. A try is counted before it is looked at, so that no two at once count as one.

        Raises:
            OperatorUnknown: nobody of that code works here.
            PinPaused: after too many wrong ones, from the last of them on; then the PIN is not looked at.
            PinWrong: with how many tries are `left` before a pause.
        """
        now = self._post.now_ms()
        with self._post.ledger.write() as writing:
            row = writing.operator(code)
            if row is None or row.retired_at_ms is not None:
                self._log(writing, "sign-in-unknown", "")
            elif self._paused_ms(row):
                self._log(writing, "sign-in-paused", code)
            else:
                writing.put_operator(replace(row, failures=row.failures + 1, failed_at_ms=now))
        if row is None or row.retired_at_ms is not None:
            raise OperatorUnknown
        if self._paused_ms(row):
            raise PinPaused(seconds=-(-self._paused_ms(row) // 1_000))
        right = pins.holds(pin, row.pin)
        with self._post.ledger.write() as writing:
            self._log(writing, "sign-in" if right else "sign-in-wrong", code)
            fresh = writing.operator(code)
            if right and fresh is not None:
                writing.put_operator(replace(fresh, failures=0, failed_at_ms=0))
        if not right and pause_ms(row.failures + 1):
            raise PinPaused(seconds=pause_ms(row.failures + 1) // 1_000)
        if not right:
            raise PinWrong(left=TRIES - row.failures - 1)
        return self._view(replace(row, failures=0))

    def verifier_of(self, code: str) -> str:
        """What their PIN is checked against; "" where nobody of that code works here."""
        row = self._post.ledger.operator(code)
        return "" if row is None or row.retired_at_ms is not None else row.pin

    def locked(self) -> None:
        """Write down that the screens were locked."""
        with self._post.ledger.write() as writing:
            self._log(writing, "lock", self._post.operator)

    def add(self, code: str, role: str, pin: str) -> OperatorView:
        """Make an operator. The first must be a chief, and needs nobody's leave; they choose their own PIN.

        Raises:
            NotAllowed: who asks is no chief.
            FirstIsChief, OperatorExists, WordUnknown, FieldRefused, PinTooPlain.
        """
        first = not self.exist()
        if not first:
            self._post.need(Right.STAFF)
        role = _role(role)
        code = code.strip()
        if not (0 < len(code) <= CODE_CHARACTERS_MAX and code.isprintable()):
            raise FieldRefused(field="operator", rule="length")
        if first and role is not Role.CHIEF:
            raise FirstIsChief
        row = OperatorRow(code, role, self._verifier(pin), not first, self._post.now_ms())
        with self._post.ledger.write() as writing:
            if writing.operator(code) is not None:
                raise OperatorExists
            writing.put_operator(row)
            self._log(writing, "operator-add", code)
        return self._view(row)

    def set_role(self, code: str, role: str) -> OperatorView:
        """Give somebody another role. Raises NotAllowed, OperatorUnknown, LastChief, WordUnknown."""
        self._post.need(Right.STAFF)
        row = replace(self._working(code), role=_role(role))
        if row.role != Role.CHIEF:
            self._need_another_chief(code)
        return self._keep(row, "operator-role")

    def reset_pin(self, code: str, pin: str) -> OperatorView:
        """Lend somebody a PIN who forgot theirs; it ends a pause. Raises NotAllowed, OperatorUnknown, PinTooPlain."""
        self._post.need(Right.STAFF)
        return self._keep(self.lent(code, pin), "operator-pin-reset")

    def lent(self, code: str, pin: str) -> OperatorRow:
        """Their row with a PIN that is lent, not kept yet. Raises OperatorUnknown, PinTooPlain."""
        return replace(self._working(code), pin=self._verifier(pin), pin_is_lent=True, failures=0, failed_at_ms=0)

    def change_pin(self, code: str, pin: str, new: str) -> OperatorView:
        """Choose a PIN of one's own. Raises what `sign_in` does, and PinTooPlain: then the old one stands. Who lent
        one knows it, so that one is nobody's own."""
        self.sign_in(code, pin)
        row = self._working(code)
        verifier = self._verifier(new)
        if row.pin_is_lent and pins.holds(new, row.pin):
            raise PinTooPlain(rule="lent", least=pins.PIN_MIN, most=pins.PIN_MAX)
        row = replace(row, pin=verifier, pin_is_lent=False)
        return self._keep(row, "operator-pin")

    def retire(self, code: str) -> OperatorView:
        """They no longer work here; what they wrote stays theirs. Raises NotAllowed, OperatorUnknown, LastChief."""
        self._post.need(Right.STAFF)
        row = self._working(code)
        self._need_another_chief(code)
        return self._keep(replace(row, retired_at_ms=self._post.now_ms(), pin=""), "operator-retire")

    def _keep(self, row: OperatorRow, act: str) -> OperatorView:
        with self._post.ledger.write() as writing:
            writing.put_operator(row)
            self._log(writing, act, row.code)
        return self._view(row)

    def _working(self, code: str) -> OperatorRow:
        row = self._post.ledger.operator(code)
        if row is None or row.retired_at_ms is not None:
            raise OperatorUnknown
        return row

    def _need_another_chief(self, code: str) -> None:
        rows = self._post.ledger.operators()
        if not any(row.role == Role.CHIEF and row.retired_at_ms is None and row.code != code for row in rows):
            raise LastChief

    def _verifier(self, pin: str) -> str:
        return pins.verifier(pin, entropy=self._post.entropy, effort=self._effort)

    def _paused_ms(self, row: OperatorRow) -> int:
        """A clock that was put back must not make a pause longer than it is."""
        gone = max(0, self._post.now_ms() - row.failed_at_ms)
        return max(0, pause_ms(row.failures) - gone)

    def _view(self, row: OperatorRow) -> OperatorView:
        return OperatorView(
            code=row.code,
            role=row.role,
            retired=row.retired_at_ms is not None,
            pin_is_lent=row.pin_is_lent,
            paused_s=-(-self._paused_ms(row) // 1_000),
        )

    def _log(self, writing: Writing, act: str, about: str) -> None:
        """Who tried is who is named; the purpose has the code an act of a chief is about."""
        signing = act.startswith(("sign-in", "lock"))
        writing.log(
            AuditEntry(
                at_ms=self._post.now_ms(),
                act=act,
                operator=about if signing else self._post.operator,
                node=self._post.pen.node,
                organisation=self._post.organisation,
                purpose="" if signing else f"staff:{about}",
            )
        )


def _role(word: str) -> Role:
    try:
        return Role(word)
    except ValueError as error:
        raise WordUnknown(field="role", expected=", ".join(Role)) from error
