"""The house inspects itself: what is promised of every room is looked up here, so that no rule is on paper only."""

import ast
import importlib
import json
import pkgutil
import re
import subprocess
import sys
import tomllib
import zipfile
from pathlib import Path
from string import Formatter

import pytest

import sync.limits
from sync.errors import MoyaiError

TOP = Path(__file__).parents[1]
BIN = Path(sys.executable).parent
FLOORS = ("node", "sync", "tui")
LINES_MAX = 400
LANGUAGES = ("ja", "en")


def tracked(*patterns: str) -> list[Path]:
    """Files git knows or would take up, so that the test says the same before and after a commit."""
    listed = subprocess.run(
        ["git", "ls-files", "-z", "--cached", "--others", "--exclude-standard", *patterns],
        cwd=TOP,
        capture_output=True,
        check=True,
        text=True,
    ).stdout
    return [path for name in listed.split("\0") if name and (path := TOP / name).is_file()]


def rooms() -> list[Path]:
    """Every handwritten module of the three floors."""
    return [path for path in tracked("node/*.py", "sync/*.py", "tui/*.py") if "_pb2" not in path.name]


def named(path: Path) -> str:
    return str(path.relative_to(TOP))


# --- rooms


def test_every_module_opens_with_its_one_sentence():
    modules = rooms() + [path for path in tracked("deploy/*.py", "tests/*.py") if path.stat().st_size]
    silent = []
    for path in modules:
        said = ast.get_docstring(ast.parse(path.read_text(encoding="utf-8")))
        first = (said or "").split("\n\n")[0]
        if not first or not first.rstrip().endswith((".", ":", "?", "]")):
            silent.append(named(path))
    assert silent == []


def test_no_room_is_too_large():
    lengths = {named(path): len(path.read_text(encoding="utf-8").splitlines()) for path in rooms()}
    assert {name: lines for name, lines in lengths.items() if lines > LINES_MAX} == {}


def test_no_room_is_called_a_lumber_room():
    lumber = {"utils", "util", "manager", "helper", "helpers", "data", "info", "misc", "common"}
    assert [named(path) for path in rooms() if path.stem in lumber] == []


def test_the_floors_hold():
    done = subprocess.run([BIN / "lint-imports"], cwd=TOP, capture_output=True, text=True, check=False)
    assert done.returncode == 0, done.stdout


def test_the_wheel_holds_the_four_floors_the_demo_and_nothing_else(tmp_path):
    subprocess.run(
        [sys.executable, "-m", "hatchling", "build", "-t", "wheel", "-d", str(tmp_path)],
        cwd=TOP,
        check=True,
        capture_output=True,
    )
    (wheel,) = tmp_path.glob("*.whl")
    with zipfile.ZipFile(wheel) as packed:
        names = packed.namelist()
    tops = {name.split("/")[0] for name in names if ".dist-info/" not in name}
    assert tops == {"node", "sync", "tui", "moyai", "deploy"}
    assert all(name.startswith("deploy/demo/") for name in names if name.startswith("deploy/"))
    assert any(name.startswith("node/locales/") for name in names)
    assert any(name.startswith("tui/locales/") for name in names)


def test_nothing_of_one_machine_is_written_down():
    """Neither a folder of the machine it was made on nor the name of a package host."""
    forbidden = re.compile(
        "|".join(["/wo" + "rk/", "/ro" + "ot/", "/op" + "t/(?:pypi|wheels)", "py" + r"pi\.org", "pythonhos" + "ted"])
    )
    found = []
    for path in tracked():
        try:
            text = path.read_text(encoding="utf-8")
        except UnicodeDecodeError:
            continue
        found += [f"{named(path)}: {match.group()}" for match in forbidden.finditer(text)]
    assert found == []


# --- words


def errors_of_the_house() -> list[type[MoyaiError]]:
    for floor in FLOORS:
        package = importlib.import_module(floor)
        for module in pkgutil.walk_packages(package.__path__, f"{floor}."):
            if not module.name.endswith("__main__"):
                importlib.import_module(module.name)
    found: list[type[MoyaiError]] = [MoyaiError]
    for kind in found:
        found.extend(kind.__subclasses__())
    return [kind for kind in found if kind.__module__.partition(".")[0] in FLOORS]


def word_lists() -> list[tuple[str, dict[str, dict[str, object]]]]:
    """Every word list: its name, and what it says in each language."""
    lists: dict[str, dict[str, dict[str, object]]] = {}
    for folder in ("node/locales", "tui/locales", "deploy/demo"):
        for path in (TOP / folder).glob("*.toml"):
            stem, _, language = path.stem.rpartition(".")
            if language in LANGUAGES:
                said = tomllib.loads(path.read_text(encoding="utf-8"))
                lists.setdefault(f"{folder}/{stem}", {})[language] = said
    return sorted(lists.items())


def shape(said: object, at: str = "") -> dict[str, list[str]]:
    """Every key of a word list, with the placeholders of its words."""
    if isinstance(said, dict):
        return {key: names for name, inner in said.items() for key, names in shape(inner, f"{at}.{name}").items()}
    if isinstance(said, list):
        return {at: []}
    return {at: sorted({name for _, name, _, _ in Formatter().parse(str(said)) if name})}


def test_there_is_one_root_of_errors():
    strangers = []
    for path in rooms():
        for item in ast.walk(ast.parse(path.read_text(encoding="utf-8"))):
            if isinstance(item, ast.ClassDef) and any(
                isinstance(base, ast.Name) and base.id in {"Exception", "RuntimeError", "ValueError", "OSError"}
                for base in item.bases
            ):
                strangers.append(item.name)
    assert strangers == ["MoyaiError"]


def test_every_reason_is_said_in_every_language():
    reasons = {kind.reason for kind in errors_of_the_house()}
    for language in LANGUAGES:
        said = tomllib.loads((TOP / f"node/locales/errors.{language}.toml").read_text(encoding="utf-8"))
        assert reasons - set(said) == set(), language
        unfinished = [reason for reason, words in said.items() if not (words.get("sentence") and words.get("hint"))]
        assert unfinished == [], language


def test_every_reason_for_which_a_record_is_set_aside_is_said_in_every_language():
    """What is turned away is told by its reason, in `moyai doctor` and beside a card that was read."""
    judging = ("node/release/authorship.py", "node/release/authorship_of_public.py", "node/vetting.py", "node/inbox.py")
    texts = {
        node.value
        for path in judging
        for node in ast.walk(ast.parse((TOP / path).read_text(encoding="utf-8")))
        if isinstance(node, ast.Constant) and isinstance(node.value, str)
    }
    reasons = {text for text in texts if re.fullmatch(r"[A-Z]+(_[A-Z]+)+", text)}
    assert len(reasons) > 20
    for language in LANGUAGES:
        said = tomllib.loads((TOP / f"node/locales/errors.{language}.toml").read_text(encoding="utf-8"))
        assert reasons - set(said) == set(), language


def test_no_reason_is_used_by_two_errors():
    kinds = errors_of_the_house()
    reasons = [kind.reason for kind in kinds]
    assert [reason for reason in set(reasons) if reasons.count(reason) > 1] == []


def test_every_language_has_every_word():
    lists = word_lists()
    assert {"node/locales/errors", "deploy/demo/words"} <= {name for name, _ in lists}
    assert any(name.startswith("tui/locales/") for name, _ in lists)
    for name, said in lists:
        assert set(said) == set(LANGUAGES), name
        assert shape(said["ja"]) == shape(said["en"]), name


# --- contract


def test_the_limits_are_those_of_the_specification():
    table = re.findall(r"^\| `?([A-Z_]+)`? \| ([\d,]+)", (TOP / "protocol/SPECIFICATION.md").read_text("utf-8"), re.M)
    specified = {name: int(value.replace(",", "")) for name, value in table}
    ours = {name: value for name, value in vars(sync.limits).items() if name.isupper() and isinstance(value, int)}
    assert ours == specified


def test_the_generated_stubs_are_current(tmp_path):
    protos = sorted(named(path).removeprefix("protocol/") for path in tracked("protocol/moyai/v1/*.proto"))
    generate(tmp_path, [*protos], "mypy", "--python_out", "--mypy_out")
    generate(tmp_path, ["moyai/v1/exchange.proto"], "mypy_grpc", "--grpc_python_out", "--mypy_grpc_out")
    made = {str(path.relative_to(tmp_path)): path.read_bytes() for path in tmp_path.rglob("*") if path.is_file()}
    kept = {name: (TOP / "protocol" / name).read_bytes() for name in made}
    assert made == kept


def test_every_vector_is_used():
    """The runner goes through every file; what it would not see is a file elsewhere, or one whose folder belies it."""
    files = tracked("protocol/vectors/*.json")
    runner = importlib.import_module("tests.protocol.test_vectors")
    assert sorted(files) == sorted(runner.FILES)
    explained = set(re.findall(r"^\| `([\w-]+)` \|", (TOP / "protocol/vectors/README.md").read_text("utf-8"), re.M))
    said = tomllib.loads((TOP / "node/locales/errors.en.toml").read_text(encoding="utf-8"))
    for path in files:
        vector = json.loads(path.read_text(encoding="utf-8"))
        assert vector["kind"] in explained, named(path)
        assert path.parent.name in vector["expected"], named(path)
        assert vector["expected"].get("refuse", "UNKNOWN") in said, named(path)


def generate(out: Path, protos: list[str], plugin: str, *outputs: str) -> None:
    subprocess.run(
        [sys.executable, "-m", "grpc_tools.protoc", "-I.", f"--plugin=protoc-gen-{plugin}={BIN}/protoc-gen-{plugin}"]
        + [f"{output}={out}" for output in outputs]
        + protos,
        cwd=TOP / "protocol",
        check=True,
        capture_output=True,
    )


def test_the_contract_breaks_nothing_that_was_released():
    done = subprocess.run(
        ["bash", "deploy/buf-breaking.sh"],
        cwd=TOP,
        env={"BIN": str(BIN), "PATH": "/usr/bin:/bin", "HOME": str(Path.home())},
        capture_output=True,
        text=True,
        check=False,
    )
    assert done.returncode == 0, done.stdout + done.stderr


# --- commands


def commands(app, path: tuple[str, ...] = ()) -> list[tuple[tuple[str, ...], object]]:
    """Every command that does something, with its words."""
    found = []
    for name in app:
        if name.startswith("-"):
            continue
        inner = app[name]
        below = commands(inner, (*path, name))
        found += below or [((*path, name), inner)]
    return found


def test_every_command_is_in_the_readme():
    app = importlib.import_module("node.cli.main").make_app()
    readme = (TOP / "README.md").read_text(encoding="utf-8")
    missing = [" ".join(words) for words, _ in commands(app) if f"moyai {' '.join(words)}" not in readme]
    assert missing == []


def test_every_command_has_help():
    app = importlib.import_module("node.cli.main").make_app()
    assert [" ".join(words) for words, command in commands(app) if not (command.help or "").strip()] == []


def test_every_make_target_says_what_it_does():
    makefile = (TOP / "Makefile").read_text(encoding="utf-8")
    phony = re.search(r"^\.PHONY: (.*)$", makefile, re.M)
    assert phony is not None
    said = set(re.findall(r"^([a-z-]+):.*## \w", makefile, re.M))
    assert set(phony.group(1).split()) == said


# --- credits


@pytest.mark.parametrize("sheet", ["deploy/demo/CREDITS.md"])
def test_every_shipped_file_carries_its_credit(sheet):
    folder = (TOP / sheet).parent
    text = (TOP / sheet).read_text(encoding="utf-8")
    shipped = [str(path.relative_to(folder)) for path in tracked(f"{folder.relative_to(TOP)}/data")]
    assert shipped
    uncredited = [
        name for name in shipped if name not in text and f"{Path(name).parent}/*{Path(name).suffix}" not in text
    ]
    assert uncredited == []
