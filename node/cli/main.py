"""Finds the command, runs it, and turns whatever it ends in into an exit code: a documented contract."""

import json
import os
import sys
from functools import reduce
from pathlib import Path
from typing import Final

from cyclopts import App
from cyclopts.exceptions import CycloptsError

from node import errors
from node.words import LANGUAGES, help_words, preferred_language, told, word
from sync.errors import ExchangeError, MoyaiError

STDIN: Final = "stdin:"
"""What a lone `-` becomes before the words are parsed, which would take it for an option."""

DONE: Final = 0
REFUSED: Final = 1
USAGE: Final = 2
NOT_READY: Final = 3
NO_NETWORK: Final = 4
PARTLY: Final = 5
OUR_FAULT: Final = 70

EXIT_CODES: Final = {
    DONE: "done",
    REFUSED: "refused by a rule, or nothing of that id",
    USAGE: "the command or its input can't be understood",
    NOT_READY: "this node is not set up, not enrolled, or locked",
    NO_NETWORK: "a peer can't be reached, or ended the exchange",
    PARTLY: "done in part: some rows were refused, and the report says which",
    OUR_FAULT: "a fault of this program",
}
"""What each exit code means. Scripts rely on it: a number never changes its meaning."""

OPTIONS_OF_ALL: Final = {"--node": 1, "--operator": 1, "--lang": 1, "--passphrase-file": 1, "--json": 0}
"""The options of every command, and how many values each takes."""

COMMANDS: Final[dict[str, tuple[str, str]]] = {
    "init": ("node.cli.setting_up:init", "Make a node in its directory"),
    "roster": ("node.cli.roster:app", "The federation's members: trustees, drafts, signatures, installing"),
    "enrol": ("node.cli.enrolling:app", "The organisation's own nodes: codes, joining, list, revoking; by file too"),
    "agreement": ("node.cli.agreements:app", "Applications and what was decided of them"),
    "emergency": ("node.cli.emergencies:app", "Emergencies: declare, end, list, review what went out"),
    "disaster": ("node.cli.disasters:app", "Disasters: declare, close, reopen, list with who falls due for erasure"),
    "missing": ("node.cli.missing:app", "Residents nobody has confirmed: counts, the list for door-to-door checks"),
    "serve": ("node.cli.running:serve", "Run the node until it is stopped"),
    "health": ("node.cli.health:health", "Whether the daemon of this node answers, for whoever watches over it"),
    "desk": ("node.cli.screens:desk", "Open the screens of a shelter's desk"),
    "coordinate": ("node.cli.screens:coordinate", "Open the screens of a coordinating office"),
    "web": ("node.cli.web:web", "Open the screens of a coordinating office in a browser on this machine"),
    "sync": ("node.cli.running:sync", "Exchange with peers now"),
    "bundle": ("node.cli.bundle:app", "The exchange by hand: write a bundle to a stick, read one"),
    "status": ("node.cli.standing:status", "How the node stands: people, places, peers, what waits"),
    "doctor": (
        "node.cli.doctor:doctor",
        "How this node stands, and what to do now: ends with 0 well, 5 see to it soon, 1 see to it now",
    ),
    "backup": ("node.cli.backing_up:app", "Backups: make one, read one through, drill the day it is needed"),
    "restore": ("node.cli.putting_back:restore", "Put a node back from a backup, in an empty place"),
    "recovery-key": (
        "node.cli.recovering:app",
        "The key on paper that opens backups when all else is lost: make, check, show",
    ),
    "organisation-key": (
        "node.cli.rekeying:app",
        "The organisation's key: replace a lost one, certify the nodes anew",
    ),
    "leave-federation": (
        "node.cli.leaving:app",
        "Leave the federation: how far it is, begin, erase what is others'",
    ),
    "import": ("node.cli.importing:app", "Take files in: residents, places, status, municipalities"),
    "find": ("node.cli.people:find", "Search people, for a purpose"),
    "person": ("node.cli.people:person", "Everything held about one person, for a purpose"),
    "people": ("node.cli.people:people", "The people of a place"),
    "places": ("node.cli.people:places", "Shelters and other sites"),
    "register": ("node.cli.people:register", "Write someone new down and check them in"),
    "correct": (
        "node.cli.people:correct",
        "Correct what was written of somebody: options not given stay, one given empty empties its field",
    ),
    "check-in": ("node.cli.people:check_in", "Check people in at a place"),
    "leave": ("node.cli.people:leave", "Say that people have left, and where to"),
    "consent": ("node.cli.consent:app", "Consents: give, withdraw, list"),
    "protect": ("node.cli.protecting:app", "Protection: set, lift"),
    "erase": ("node.cli.protecting:erase", "Erase a person here and at every holder, for good"),
    "erased": ("node.cli.protecting:erased", "The erasures ordered here, and which holders have confirmed them"),
    "card": ("node.cli.card:app", "Evacuee cards: show, png, pdf, wristband, and read one"),
    "print": ("node.cli.printing:app", "Paper: check-in sheets, the list of who is here, receipts of consent"),
    "forms": ("node.cli.forms:app", "Check-in sheets: which are out, came back, are spoilt"),
    "duplicates": (
        "node.cli.duplicates:app",
        "Entries that may be one person: list, show, same, not-same, undo",
    ),
    "conflicts": ("node.cli.conflicts:app", "Statements that contradict each other: list, show, settle"),
    "inquiry": ("node.cli.inquiries:app", "Safety inquiries: look, answer, list, show"),
    "log": ("node.cli.log:app", "Who looked, who received, whether the log holds, a person's own list"),
    "operator": (
        "node.cli.operators:app",
        "Staff of this node: add, list, role, pin, reset-pin, acknowledge, retire",
    ),
    "demo": ("node.cli.demo:demo", "Watch three towns keep and share made-up evacuees through a quake and a cut line"),
    "undo": ("node.cli.people:undo", "Take back one of the last acts"),
}
"""Each command with what it does; its module is loaded only when it is called."""

LISTED_ERRORS: Final[tuple[tuple[type[MoyaiError], int], ...]] = (
    (errors.NodeNotSetUp, NOT_READY),
    (errors.NodeLocked, NOT_READY),
    (errors.NotEnrolled, NOT_READY),
    (errors.OrganisationKeyNotListed, NOT_READY),
    (errors.LedgerRefused, NOT_READY),
    (errors.PassphraseMissing, NOT_READY),
    (errors.PassphraseWrong, NOT_READY),
    (errors.PinMissing, NOT_READY),
    (errors.PinWrong, NOT_READY),
    (errors.PinPaused, NOT_READY),
    (errors.NoTerminal, USAGE),
    (errors.MetricsNotLoopback, USAGE),
    (errors.KeyFileMalformed, NOT_READY),
    (errors.KeyFileOpenToOthers, NOT_READY),
    (errors.InputRefused, USAGE),
    (errors.BundleUnreadable, USAGE),
    (errors.BackupUnreadable, USAGE),
    (errors.RecoveryCodeWrong, USAGE),
    (errors.RecoveryKeyMissing, NOT_READY),
    (errors.BackupKeyMissing, NOT_READY),
    (errors.EnrolmentFileMalformed, USAGE),
    (ExchangeError, NO_NETWORK),
)


def make_app(language: str = "en") -> App:
    """The whole command line, its help in this language."""
    from node.cli.help import Translated  # noqa: PLC0415 -- App imports what shows help, which is seldom needed

    words = help_words(language)
    codes = "\n".join(f"  {code:2} {words[meaning]}" for code, meaning in EXIT_CODES.items())
    app = App(
        name="moyai",
        help="Keeps evacuee records of one organisation and exchanges them, with consent, in a federation.",
        help_epilogue=f"{words['Exit codes']}\n{codes}",
        help_format="plaintext",
        version=_version,
        help_formatter=Translated(language, lambda words: reduce(App.__getitem__, words, app)),
    )
    for name, (where, what) in COMMANDS.items():
        app.command(where, name=name, help=what)
    return app


def main(words: list[str] | None = None) -> None:
    """Run the command line and exit."""
    typed = sys.argv[1:] if words is None else words
    sys.exit(run([STDIN if one == "-" else one for one in typed]))


def run(words: list[str]) -> int:
    """Run one command; returns its exit code. Prints what went wrong, never with a person's data."""
    try:
        app = make_app(_language(words))
        result = app(_options_last(words), exit_on_error=False, print_error=False, result_action="return_value")
    except CycloptsError as error:
        from node.cli.usage import misused  # noqa: PLC0415 -- seldom needed

        return _complain("USAGE", *misused(error, _language(words)), words, code=USAGE)
    except MoyaiError as error:
        sentence, hint = told(error, _language(words))
        return _complain(error.reason, sentence, hint, words, code=exit_code(error), details=error.details)
    except BrokenPipeError:
        return DONE
    except KeyboardInterrupt:
        return 130
    except Exception as error:
        if os.environ.get("MOYAI_DEBUG") == "traceback":
            raise
        from node.logs import log_to_stderr, logger  # noqa: PLC0415 -- takes long to load, and is seldom needed

        log_to_stderr()
        logger().error("fault", kind=type(error).__name__, at=_where(error))
        sentence, hint = told(MoyaiError(), _language(words))
        return _complain("UNKNOWN", sentence, hint, words, code=OUR_FAULT)
    return result if isinstance(result, int) else DONE


def exit_code(error: MoyaiError) -> int:
    """The exit code for an error."""
    return next((code for kind, code in LISTED_ERRORS if isinstance(error, kind)), REFUSED)


def _complain(
    reason: str, sentence: str, hint: str, words: list[str], *, code: int, details: dict[str, str | int] | None = None
) -> int:
    if "--json" in words:
        said = {"reason": reason, "sentence": sentence, "hint": hint, "details": details or {}}
        print(json.dumps(said, ensure_ascii=False), file=sys.stderr)  # noqa: T201
    else:
        error, next_ = (word(f"complaint.{name}", _language(words)) for name in ("error", "hint"))
        print(f"{error}: {sentence}\n{next_}: {hint}", file=sys.stderr)  # noqa: T201
    return code


def _options_last(words: list[str]) -> list[str]:
    """Options of every command may come before its name as well: here they are put behind it."""
    at = 0
    while at < len(words):
        name, given, _ = words[at].partition("=")
        if name not in OPTIONS_OF_ALL:
            break
        at += 1 if given or not OPTIONS_OF_ALL[name] else 2
    return words[at:] + words[:at] if at < len(words) else words


def _language(words: list[str]) -> str:
    for option, value in zip(words, [*words[1:], ""], strict=True):
        chosen = value if option == "--lang" else option.removeprefix("--lang=")
        if option.startswith("--lang") and chosen in LANGUAGES:
            return chosen
    return preferred_language(dict(os.environ))


def _version() -> str:
    from importlib.metadata import version  # noqa: PLC0415 -- only when asked

    return version("moyai")


def _where(error: BaseException) -> str:
    frame = error.__traceback__
    while frame is not None and frame.tb_next is not None:
        frame = frame.tb_next
    return "" if frame is None else f"{Path(frame.tb_frame.f_code.co_filename).name}:{frame.tb_lineno}"
