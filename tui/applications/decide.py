"""One application: all it says, and where this organisation is asked, the decision: grant, refuse, end."""

from typing import ClassVar

from textual.binding import Binding, BindingType

from node.coordination.decisions import SUPPORT
from node.granting import AgreementView
from tui.applications.authority import with_key
from tui.applications.clock import area_told
from tui.applications.form import RowsForm
from tui.applications.typed import FACET_LETTERS, facets_of, facets_told, letters_of
from tui.asked import Coordination
from tui.columns import packed
from tui.when import clock

DAYS = 30
DAYS_MAX = 3660


class Decide(RowsForm):
    """Open and addressed to us: days and facets, grant or refuse. Granted by us: end. Else only to read."""

    TITLE_WORD = "decide.title"
    HELP_WORD = "help.decide"
    TABLE = "decide"
    NAMES = ("days", "facets")
    LETTERED = ("facets",)
    BINDINGS: ClassVar[list[BindingType]] = [
        Binding("f5", "grant", "key.grant"),
        Binding("f6", "refuse", "key.refuse_application"),
        Binding("f7", "end", "key.end"),
    ]

    def __init__(self, coordination: Coordination, view: AgreementView) -> None:
        super().__init__({"days": str(DAYS), "facets": letters_of(view.asked)})
        self._coordination = coordination
        self._view = view
        self._ours = view.holder == coordination.organisation

    @property
    def rows(self) -> tuple[str, ...]:
        """There are rows where there is something to decide."""
        return self.NAMES if self._is_open else ()

    @property
    def _is_open(self) -> bool:
        return self._ours and self._view.outcome == "open"

    @property
    def _runs(self) -> bool:
        return self._ours and self._view.stands(self._coordination.now_ms()) == "granted"

    def key_words(self) -> list[tuple[str, str]]:
        """Only the keys that do something here."""
        hidden = set() if self._is_open else {"F5", "F6", "Enter"}
        hidden |= set() if self._runs else {"F7"}
        return [(key, word) for key, word in super().key_words() if key not in hidden]

    def above(self) -> str:
        """All that the application says, and how it stands."""
        view, words, now = self._view, self.words, self._coordination.now_ms()
        lines = [
            words("decide.parties", applicant=view.applicant_name, holder=view.holder_name),
            words("decide.asked_at", at=clock(view.at_ms, now, words)),
            words("decide.purpose", purpose=view.purpose),
            words("decide.asked", facets=facets_told(view.asked, words)),
            words("decide.area", area=area_told(view.area, words)),
            words("decide.people", n=len(view.subjects)) if view.subjects else words("apply.everybody"),
            words("decide.stands", outcome=words(f"outcome.{view.stands(now)}")),
        ]
        if view.until_ms:
            lines.append(words("decide.until", at=clock(view.until_ms, now, words)))
        if view.facets:
            lines.append(words("decide.granted", facets=facets_told(view.facets, words)))
        if view.applicant.startswith(SUPPORT):
            lines.append(words("decide.support"))
        return "\n".join(lines)

    def letters_told(self, name: str) -> str:  # noqa: ARG002  there is one such row
        """The facets that would be granted, in words."""
        return facets_told(self._chosen, self.words)

    def advice(self, name: str) -> str:
        """What was understood."""
        words = self.words
        if not self._is_open:
            return words("decide_advice.nothing") if not self._runs else words("decide_advice.end")
        if name == "facets":
            choice = [f"{FACET_LETTERS_OF[facet]} {words(f'facet.{facet}')}" for facet in self._view.asked]
            lines = [words("decide_advice.facets"), *packed(choice, self.app.size.width - 4)]
            return "\n".join([*lines, words("apply_advice.chosen", facets=facets_told(self._chosen, words))])
        return words("decide_advice.days")

    @property
    def _chosen(self) -> list[str]:
        return [facet for facet in facets_of(self.typed("facets")) if facet in self._view.asked]

    def action_grant(self) -> None:
        """Grants for the days and facets typed."""
        if not self._is_open:
            self.say(lambda words: words("decide_advice.nothing"))
            return
        days, decisions = self.typed("days"), self._coordination.decisions
        if not days.isdecimal() or not 1 <= int(days) <= DAYS_MAX:
            self.complain("days")
        elif not (facets := self._chosen):
            self.complain("facets")
        else:
            with_key(
                self,
                decisions,
                "grant",
                self._view.applicant_name,
                do=lambda passphrase: decisions.grant(
                    self._view.application, days=int(days), facets=facets, passphrase=passphrase
                ),
                then=lambda _: self.finish("decide.granted_done"),
            )

    def action_refuse(self) -> None:
        """Refuses it."""
        decisions = self._coordination.decisions
        if self._is_open:
            with_key(
                self,
                decisions,
                "refuse",
                self._view.applicant_name,
                do=lambda passphrase: decisions.refuse(self._view.application, passphrase=passphrase),
                then=lambda _: self.finish("decide.refused_done"),
            )

    def action_end(self) -> None:
        """Ends the grant."""
        decisions = self._coordination.decisions
        if self._runs:
            with_key(
                self,
                decisions,
                "end",
                self._view.applicant_name,
                do=lambda passphrase: decisions.end(self._view.application, passphrase=passphrase),
                then=lambda _: self.finish("decide.ended_done"),
            )


FACET_LETTERS_OF = {facet: letter for letter, facet in FACET_LETTERS.items()}
