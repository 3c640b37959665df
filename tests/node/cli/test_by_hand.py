"""A laptop that never sees a network: it joins by two files, and everything goes to and fro on a stick."""

from pathlib import Path

import pytest

from tests.builders.shell import WAJIMA, Ran, Shell


class Laptop:
    """A machine beside the town hall's, with a stick between them."""

    def __init__(self, sh: Shell, folder: Path) -> None:
        self.sh = sh
        self.node = folder / "laptop"
        self.stick = folder / "stick"
        self.folder = folder
        self.label = folder.name[-32:]
        self.stick.mkdir()

    def __call__(self, *words: str) -> Ran:
        return self.sh(*words, node=self.node)

    def on_stick(self, name: str) -> str:
        return str(self.stick / name)

    def request(self, *more: str) -> Ran:
        words = ("--roster", str(self.sh.folder / "draft.roster"), "--organisation", WAJIMA, "--label", self.label)
        return self("enrol", "request", self.on_stick("request"), *words, "--key-file",
                    str(self.folder / "laptop.key"), *more, "--json")  # fmt: skip

    def join(self) -> None:
        fingerprint = self.request().json["fingerprint"]
        words = (self.on_stick("request"), self.on_stick("answer"), "--fingerprint", fingerprint)
        assert self.sh("enrol", "answer", *words).code == 0
        assert self("enrol", "accept", self.on_stick("answer")).code == 0


@pytest.fixture
def laptop(sh: Shell, tmp_path: Path) -> Laptop:
    return Laptop(sh, tmp_path)


def test_a_laptop_joins_by_the_fingerprint_of_its_request(sh: Shell, laptop: Laptop) -> None:
    ran = laptop.request()
    assert ran.code == 0
    fingerprint = ran.json["fingerprint"]
    assert len(fingerprint) == 19
    words = ("enrol", "answer", laptop.on_stick("request"), laptop.on_stick("answer"))
    assert sh(*words, "--json").refusal["reason"] == "ENROLMENT_UNCONFIRMED"
    other = sh(*words, "--fingerprint", "0000-0000-0000-0000", "--json")
    assert (other.code, other.refusal["reason"]) == (1, "FINGERPRINT_OTHER")
    assert not Path(laptop.on_stick("answer")).exists()
    assert sh(*words, "--fingerprint", fingerprint.lower().replace("-", " ")).code == 0
    joined = laptop("enrol", "accept", laptop.on_stick("answer"), "--json")
    assert joined.json["label"] == laptop.label
    assert laptop("enrol", "accept", laptop.on_stick("answer")).code == 0
    assert joined.json["node"] in [one["node"] for one in sh("enrol", "list", "--json").json["nodes"]]
    assert laptop.request().refusal["reason"] == "NODE_ALREADY_SET_UP"


def test_a_laptop_joins_by_a_code_in_its_request(sh: Shell, laptop: Laptop) -> None:
    code = sh("enrol", "code", "--json").json["code"]
    assert laptop.request("--code", code).code == 0
    assert code.encode() not in Path(laptop.on_stick("request")).read_bytes()
    words = ("enrol", "answer", laptop.on_stick("request"), laptop.on_stick("answer"))
    assert sh(*words).code == 0
    assert laptop("enrol", "accept", laptop.on_stick("answer")).code == 0
    again = sh(*words, "--json")
    assert (again.code, again.refusal["reason"]) == (1, "CODE_WRONG")


def test_a_request_is_for_one_organisation_and_an_answer_for_one_node(
    sh: Shell, laptop: Laptop, tmp_path: Path
) -> None:
    fingerprint = laptop.request().json["fingerprint"]
    request, answer = laptop.on_stick("request"), laptop.on_stick("answer")
    there = laptop("enrol", "answer", request, answer, "--fingerprint", fingerprint, "--json")
    assert there.refusal["reason"] == "NOT_THIS_NODE"
    assert sh("enrol", "answer", request, answer, "--fingerprint", fingerprint).code == 0
    other = Laptop(sh, tmp_path / "second") if (tmp_path / "second").mkdir() is None else laptop
    other.request()
    assert other("enrol", "accept", answer, "--json").refusal["reason"] == "ENROLMENT_FOR_ANOTHER"
    assert sh("enrol", "accept", answer, "--json").refusal["reason"] == "ENROLMENT_FOR_ANOTHER"


@pytest.mark.parametrize(
    "change",
    [
        lambda written: written[: len(written) // 2],
        lambda written: written.replace(b'"box": "', b'"box": "A'),
        lambda written: b"\xff\xd8\xff" + written,
        lambda written: written.replace(b"request", b"answer"),
        lambda written: b"[]",
        lambda written: b'{"format": "moyai enrolment request", "version": 1}',
    ],
)
def test_a_request_that_was_changed_is_refused(sh: Shell, laptop: Laptop, change) -> None:
    laptop.request()
    request = Path(laptop.on_stick("request"))
    request.write_bytes(change(request.read_bytes()))
    ran = sh("enrol", "answer", str(request), laptop.on_stick("answer"), "--fingerprint", "x", "--json")
    assert (ran.code, ran.refusal["reason"]) == (2, "ENROLMENT_FILE_MALFORMED")


def test_a_laptop_that_never_sees_a_network_is_a_full_member(sh: Shell, laptop: Laptop) -> None:
    laptop.join()
    name = f"{WAJIMA}/{laptop.label}"
    before = sh("bundle", "write", laptop.on_stick("a"), "--to", name, "--dry-run", "--json").json
    assert before["records"] > 0
    assert not Path(laptop.on_stick("a")).exists()
    written = sh("bundle", "write", laptop.on_stick("a"), "--to", name, "--json").json
    assert written["records"] == before["records"]
    read = laptop("bundle", "read", laptop.on_stick("a"), "--json").json
    assert (read["new"], read["quarantined"]) == (written["records"], 0)
    assert laptop("check-in", "key:k1", "--place", place(sh)).code == 0
    status = laptop("status", "--json").json
    assert status["not_sent"] > 0
    assert laptop("bundle", "write", laptop.on_stick("b"), "--to", WAJIMA).code == 0
    assert laptop("status", "--json").json["not_sent"] == status["not_sent"]
    said = sh("bundle", "read", laptop.on_stick("b"))
    assert f"moyai bundle write --to {WAJIMA}/" in said.out
    assert sh("bundle", "write", laptop.on_stick("c"), "--to", name).code == 0
    assert laptop("bundle", "read", laptop.on_stick("c"), "--json").json["waiting"] == 0
    status = laptop("status", "--json").json
    assert (status["not_sent"], status["peers"][0]["last_reason"]) == (0, "BY_HAND")


def test_what_is_wrong_with_a_bundle_is_said_with_its_exit_code(sh: Shell, laptop: Laptop) -> None:
    laptop.join()
    file = Path(laptop.on_stick("a"))
    assert sh("bundle", "write", str(file), "--to", f"{WAJIMA}/{laptop.label}").code == 0
    ran = sh("bundle", "read", str(file), "--json")
    assert (ran.code, ran.refusal["reason"]) == (1, "BUNDLE_FOR_ANOTHER")
    file.write_bytes(file.read_bytes()[:-1])
    ran = laptop("bundle", "read", str(file), "--json")
    assert (ran.code, ran.refusal["reason"]) == (2, "BUNDLE_CUT")
    ran = laptop("bundle", "read", "--json")
    assert (ran.code, ran.refusal["reason"]) == (2, "FILE_NOT_NAMED")
    ran = laptop("bundle", "write", str(file), "--to", "000000", "--json")
    assert (ran.code, ran.refusal["reason"]) == (1, "PEER_UNKNOWN")


def place(sh: Shell) -> str:
    found: str = sh("places", "--json").json["places"][0]["subject"]
    return found
