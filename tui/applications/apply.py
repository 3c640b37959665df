"""An application (申請): whom it asks, which people or area, which facets, what for."""

from collections.abc import Sequence
from typing import ClassVar

from textual.binding import Binding, BindingType

from node.coordination.decisions import Party
from node.desk.views import PersonView
from tui.applications.authority import with_key
from tui.applications.form import RowsForm
from tui.applications.typed import FACET_LETTERS, USUAL, area_of, facets_of, facets_told, parties_like
from tui.asked import Coordination
from tui.columns import packed
from tui.people import names
from tui.towns import name_of

SHOWN = 6


class ApplyForm(RowsForm):
    """The applicant is this organisation; the application is signed with its key."""

    TITLE_WORD = "apply.title"
    HELP_WORD = "help.apply"
    TABLE = "apply"
    NAMES = ("holder", "facets", "area", "purpose")
    LETTERED = ("facets",)
    BINDINGS: ClassVar[list[BindingType]] = [Binding("f5", "send", "key.apply")]

    def __init__(self, coordination: Coordination, kept: dict[str, str], *, people: Sequence[PersonView] = ()) -> None:
        kept.setdefault("facets", USUAL)
        super().__init__(kept)
        self._coordination = coordination
        self._people = list(people)
        self._parties: list[Party] = []

    def on_mount(self) -> None:
        """Asks who can be asked."""
        self.ask(self._coordination.decisions.parties, self._know)

    def _know(self, parties: list[Party]) -> None:
        self._parties = parties
        self.fill()

    def above(self) -> str:
        """Whom it is about."""
        if self._people:
            return self.words("apply.people", names=names(self._people, self.words))
        return self.words("apply.everybody")

    def letters_told(self, name: str) -> str:
        """The facets in words."""
        return facets_told(facets_of(self.typed(name)), self.words)

    def advice(self, name: str) -> str:
        """What was understood."""
        words, typed = self.words, self.typed(name)
        if name == "holder":
            found = parties_like(typed, self._parties)
            told = words("list.comma").join(f"{party.name} ({party.code})" for party in found[:SHOWN])
            return f"{words('apply_advice.holder')}\n{told or words('apply_advice.no_holder')}"
        if name == "facets":
            choice = [f"{letter} {words(f'facet.{facet}')}" for letter, facet in FACET_LETTERS.items()]
            lines = [words("apply_advice.facets"), *packed(choice, self.app.size.width - 4)]
            return "\n".join([*lines, words("apply_advice.chosen", facets=facets_told(facets_of(typed), words))])
        if name == "area":
            codes = area_of(typed)
            told = words("apply_advice.no_area") if codes is None else words("list.comma").join(map(name_of, codes))
            return f"{words('apply_advice.area')}\n{told}"
        return words("apply_advice.purpose")

    def action_send(self) -> None:
        """Checks the rows, asks for the key, sends."""
        parties = parties_like(self.typed("holder"), self._parties) if self.typed("holder") else []
        facets, area, purpose = facets_of(self.typed("facets")), area_of(self.typed("area")), self.typed("purpose")
        if len(parties) != 1:
            self.complain("holder")
        elif not facets:
            self.complain("facets")
        elif area is None:
            self.complain("area", "apply_advice.no_area")
        elif not purpose:
            self.complain("purpose")
        else:
            decisions, subjects = self._coordination.decisions, [each.subject for each in self._people]
            with_key(
                self,
                decisions,
                "apply",
                parties[0].name,
                do=lambda passphrase: decisions.apply(
                    parties[0].code,
                    facets=facets,
                    purpose=purpose,
                    area=area,
                    subjects=subjects,
                    passphrase=passphrase,
                ),
                then=lambda _: self.finish("apply.done"),
            )
