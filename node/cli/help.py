"""Says a command's help in another language: what stands in the commands is looked up, and what is not there stays."""

from typing import TYPE_CHECKING, Any

from node.words import help_mark, help_words

if TYPE_CHECKING:
    from cyclopts.help import ColumnSpec, HelpEntry, HelpPanel
    from rich.console import Console, ConsoleOptions

SAYS_NOTHING = (None, "False", '""')
"""Of an option that is off or empty where it is not given, that is not said."""


class Translated:
    """The usual form of help, each of its texts in the language given. What forms it is loaded when it is asked for."""

    def __init__(self, language: str) -> None:
        self._language = language
        self._words = help_words(language)

    def __call__(self, console: "Console", options: "ConsoleOptions", panel: "HelpPanel") -> None:
        """A panel of commands or options."""
        from cyclopts.help.formatters import DefaultFormatter  # noqa: PLC0415 -- seldom needed

        entries = [entry.copy(description=self._said(entry.description)) for entry in panel.entries]
        columns = self._columns if panel.format == "parameter" else None
        DefaultFormatter(column_specs=columns)(
            console, options, panel.copy(title=self._said(panel.title), entries=entries)
        )

    def _columns(
        self, console: "Console", options: "ConsoleOptions", entries: "list[HelpEntry]"
    ) -> "tuple[ColumnSpec, ...]":
        """The usual columns; what is said behind a description, that it is required and the like, said by us."""
        from cyclopts.help.specs import DescriptionColumn, get_default_parameter_columns  # noqa: PLC0415 -- as above

        usual = get_default_parameter_columns(console, options, entries)
        return tuple(each.copy(renderer=self._described) if each is DescriptionColumn else each for each in usual)

    def _described(self, entry: "HelpEntry") -> Any:
        """A description, with the choices, the variable, what holds where nothing is said, and that it is required."""
        from cyclopts.help.specs import DescriptionRenderer  # noqa: PLC0415 -- as above
        from rich.text import Text  # noqa: PLC0415

        described: Any = DescriptionRenderer()(entry.copy(choices=None, env_var=None, default=None, required=False))
        marks = {
            "choices": ", ".join(one for one in entry.choices or () if one),
            "env_var": ", ".join(entry.env_var or ()),
            "default": "" if entry.default in SAYS_NOTHING else str(entry.default),
            "required": "required" if entry.required else "",
        }
        for mark, value in marks.items():
            if value:
                described.append(Text(f"[{help_mark(mark, self._language, value=value)}]", f"cyclopts.{mark}"))
        return described

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
