"""Asks where the stick is that a bundle goes onto, or comes from."""

from tui.asked import Node
from tui.dialogs.to_file import ToFile


class Stick(ToFile):
    """Answers the path; None when it is left."""

    TITLE_WORD = "stick.title"
    HELP_WORD = "help.stick"
    WHERE_WORD = "stick.where"

    def __init__(self, node: Node, act: str, about: str = "") -> None:
        """`act` names the words `stick.<act>`, the question; `about` names whom it is for."""
        super().__init__(node)
        self._act = act
        self._about = about

    def question(self) -> str:
        """What is asked for."""
        return self.words(f"stick.{self._act}", name=self._about)
