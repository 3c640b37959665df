"""Declaring an emergency (緊急時の提供): for what area, why, and for how many hours; it ends by itself."""

from typing import ClassVar

from textual.binding import Binding, BindingType

from node.declaring import HOURS_MAX
from tui.applications.authority import with_key
from tui.applications.form import RowsForm
from tui.applications.typed import area_of
from tui.asked import Coordination
from tui.towns import name_of


class EmergencyForm(RowsForm):
    """The mayor's or governor's word: signed with the organisation's key."""

    TITLE_WORD = "declare.title"
    HELP_WORD = "help.declare"
    TABLE = "declare"
    NAMES = ("reason", "hours", "area")
    BINDINGS: ClassVar[list[BindingType]] = [Binding("f5", "declare", "key.declare")]

    def __init__(self, coordination: Coordination, kept: dict[str, str]) -> None:
        kept.setdefault("hours", str(HOURS_MAX))
        super().__init__(kept)
        self._coordination = coordination

    def above(self) -> str:
        """What it opens, to whom, for how long."""
        return self.words("declare.opens")

    def advice(self, name: str) -> str:
        """What was understood."""
        if name == "area":
            codes = area_of(self.typed(name))
            if codes is None:
                return self.words("apply_advice.no_area")
            told = self.words("list.comma").join(map(name_of, codes))
            return f"{self.words('declare_advice.area')}\n{told}"
        return super().advice(name)

    def action_declare(self) -> None:
        """Checks the rows, asks for the key, declares."""
        reason, hours, area = self.typed("reason"), self.typed("hours"), area_of(self.typed("area"))
        if not reason:
            self.complain("reason")
        elif not hours.isdecimal() or not 1 <= int(hours) <= HOURS_MAX:
            self.complain("hours")
        elif area is None:
            self.complain("area", "apply_advice.no_area")
        else:
            decisions = self._coordination.decisions
            with_key(
                self,
                decisions,
                "emergency",
                self.words("declare.for_hours", n=int(hours)),
                do=lambda passphrase: decisions.declare(
                    reason=reason, hours=int(hours), area=area, passphrase=passphrase
                ),
                then=lambda _: self.finish("declare.done"),
            )
