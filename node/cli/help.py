"""Says a command's help in another language: what stands in the commands is looked up, and what is not there stays."""

from typing import TYPE_CHECKING, Any

from node.words import help_words

if TYPE_CHECKING:
    from cyclopts.help import HelpPanel
    from rich.console import Console, ConsoleOptions


class Translated:
    """The usual form of help, each of its texts in the language given. What forms it is loaded when it is asked for."""

    def __init__(self, language: str) -> None:
        self._words = help_words(language)

    def __call__(self, console: "Console", options: "ConsoleOptions", panel: "HelpPanel") -> None:
        """A panel of commands or options."""
        from cyclopts.help.formatters import DefaultFormatter  # noqa: PLC0415 -- seldom needed

        entries = [entry.copy(description=self._said(entry.description)) for entry in panel.entries]
        DefaultFormatter()(console, options, panel.copy(title=self._said(panel.title), entries=entries))

    def render_usage(self, console: "Console", options: "ConsoleOptions", usage: Any) -> None:
        """How the command is typed."""
        from cyclopts.help.formatters import DefaultFormatter  # noqa: PLC0415 -- seldom needed

        DefaultFormatter().render_usage(console, options, usage)

    def render_description(self, console: "Console", options: "ConsoleOptions", description: Any) -> None:
        """What the command is for."""
        from cyclopts.help.formatters import DefaultFormatter  # noqa: PLC0415 -- seldom needed

        DefaultFormatter().render_description(console, options, self._said(description))
        console.print()

    def _said(self, text: Any) -> Any:
        """The text in the language, itself where it is not known."""
        from rich.text import Text  # noqa: PLC0415 -- seldom needed

        written = getattr(text, "primary_renderable", text)
        plain = " ".join(str(written).split())
        return Text(self._words[plain]) if plain in self._words else text
