"""The stylesheet of all screens, read once for each theme: Textual reads all of it anew for every new screen."""

from textual.css.stylesheet import Stylesheet


class OnceRead(Stylesheet):
    """Reads what is new, and everything only for other colours."""

    def __init__(self, *, variables: dict[str, str]) -> None:
        super().__init__(variables=variables)
        self._read_with: dict[str, str] | None = None

    def set_variables(self, variables: dict[str, str]) -> None:
        """The colours from now on. The same ones again change nothing."""
        if variables != self._variables:
            super().set_variables(variables)

    def reparse(self) -> None:
        """Reads everything anew where the colours are others than before; what was added is read by itself."""
        if self._variables != self._read_with:
            super().reparse()
            self._read_with = dict(self._variables)
