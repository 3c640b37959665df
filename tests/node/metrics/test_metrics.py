"""What is given to Prometheus: the figures, to whom, and that none of them could name a person."""

from collections.abc import Iterator
from http.client import HTTPConnection
from pathlib import Path
from urllib.request import urlopen

import pytest
from prometheus_client.metrics_core import Metric
from prometheus_client.parser import text_string_to_metric_families
from prometheus_client.registry import CollectorRegistry

from node.config import NodeConfig, NodeDirectory
from node.desk.views import NewPerson, Whereto
from node.errors import MetricsListenFailed, MetricsNotLoopback
from node.metrics.families import FAMILIES, sample_names
from node.metrics.figures import Searches, figures, searches
from node.metrics.giving import address_for, given, registry_of
from node.metrics.tallies import Tallies
from node.vault import ROSTER
from sync.conversation import Ended
from sync.effects import Counts, Outcome
from sync.ports import Peer
from tests.builders.nodes import Federation, federation
from tests.builders.trust import HOUR_MS, ISHIKAWA, KANAZAWA, NOW_MS, WAJIMA

PERSON = NewPerson(
    family_name="海老名沢",
    given_name="つかさ",
    family_kana="エビナサワ",
    given_kana="ツカサ",
    birth="19480503",
    sex=2,
    address="石川県輪島市河井町15部13番地",
    phone="0768-22-4649",
    care_codes=("dialysis",),
    care_text="週三回の透析",
    share=True,
)
LAPTOP = "田中さんのパソコン"
"""What somebody calls a laptop although they should not."""
OPERATOR = "sato-hanako"
PLACE = "鵜飼野家の納屋"


@pytest.fixture
def made(tmp_path: Path) -> Iterator[Federation]:
    with federation(tmp_path, WAJIMA, KANAZAWA, ISHIKAWA) as founded:
        founded.add_field(LAPTOP, WAJIMA)
        yield founded


def lived_through(made: Federation) -> tuple[Tallies, list[bytes]]:
    """People come, are looked for, go on, and are told of; something is set aside."""
    desk = made[WAJIMA].desk(OPERATOR)
    desk.use_place(desk.create_place(PLACE))
    subjects = [desk.register(PERSON).subjects[0] for _ in range(3)]
    desk.find("海老名沢", purpose="reception")
    desk.leave([subjects[0]], Whereto(municipality=KANAZAWA, text="金沢の姉 鵜飼野澄江の家"))
    made.meet(WAJIMA, KANAZAWA)
    made.meet(WAJIMA, LAPTOP)
    made.time.later(minutes=-400)
    late = made[KANAZAWA].desk(OPERATOR).register(PERSON).subjects[0]
    made.time.later(minutes=800)
    made[KANAZAWA].desk(OPERATOR).check_in([late], outside=1)
    made.time.later(minutes=-400)
    made.meet(WAJIMA, KANAZAWA)
    tallies, peer = Tallies(), made.peer(KANAZAWA)
    tallies.moved(peer, Counts(received=5, sent=2))
    tallies.ended(Ended(peer, True, Outcome("DONE", said_by_peer=False, counts=Counts(received=7, sent=2))))
    return tallies, [*subjects, late]


def registry(made: Federation, tallies: Tallies, name: str = WAJIMA) -> CollectorRegistry:
    node = made[name]
    return registry_of(lambda: figures(node, tallies), lambda: searches(node))


def value(made: Federation, tallies: Tallies, name: str, **labels: str) -> float | None:
    return registry(made, tallies).get_sample_value(name, labels)


def words_of(metric: Metric) -> list[str]:
    """Everything of a family that Prometheus stores as text."""
    return [
        metric.name,
        metric.documentation,
        *(text for one in metric.samples for pair in one.labels.items() for text in pair),
    ]


def test_no_figure_could_name_a_person(made: Federation) -> None:
    tallies, subjects = lived_through(made)
    persons = {
        *(
            "海老名沢",
            "つかさ",
            "エビナサワ",
            "ツカサ",
            "19480503",
            "1948",
            "河井町",
            "0768",
            "4649",
            "透析",
            "dialysis",
        ),
        *("鵜飼野", "澄江", "納屋", "田中", OPERATOR, "sato"),
        *(subject.hex() for subject in subjects),
        *(node.key.node.hex() for node in made.nodes.values()),
        *(str(made.folder), made.folder.name),
    }
    collected = [*registry(made, tallies).collect()]
    samples = [sample for metric in collected for sample in metric.samples]
    assert {metric.name for metric in collected} >= {one.name for one in FAMILIES}
    filled = {metric.name for metric in collected if metric.samples and metric.name.startswith("moyai_")}
    assert {one.name for one in FAMILIES} - filled <= {"moyai_backup_age_seconds", "moyai_refused_records"}
    for metric in collected:
        for text in words_of(metric):
            assert not [person for person in persons if person in text], metric.name
    allowed = {one.name: set(one.labels) for one in FAMILIES}
    for metric in collected:
        if metric.name in allowed:
            assert all(set(one.labels) - {"le"} == allowed[metric.name] for one in metric.samples), metric.name
    organisations = {sample.labels["organisation"] for sample in samples if "organisation" in sample.labels}
    assert organisations == {WAJIMA, KANAZAWA, ISHIKAWA}


def test_peers_are_told_by_their_organisation_and_our_laptops_together(made: Federation) -> None:
    tallies, _ = lived_through(made)
    made.time.later(minutes=90)
    assert value(made, tallies, "moyai_peers", state="listed") == 3
    assert value(made, tallies, "moyai_peers", state="never") == 1
    home = {"organisation": KANAZAWA, "kind": "home"}
    assert value(made, tallies, "moyai_peer_heard_age_seconds", **home) == 90 * 60
    assert value(made, tallies, "moyai_peer_never_heard", organisation=ISHIKAWA, kind="home") == 1
    assert value(made, tallies, "moyai_peer_connected", organisation=WAJIMA, kind="laptops") == 0
    assert value(made, tallies, "moyai_records_received_total", **home) == 7
    assert value(made, tallies, "moyai_records_sent_total", **home) == 2
    assert value(made, tallies, "moyai_conversations_ended_total", **home, reason="DONE") == 1


def test_who_is_behind_is_told_from_who_has_everything(made: Federation) -> None:
    tallies, _ = lived_through(made)
    home = {"organisation": KANAZAWA, "kind": "home"}
    made.time.later(minutes=60)
    assert value(made, tallies, "moyai_peer_waiting_records", **home) == 0
    assert value(made, tallies, "moyai_peer_lag_seconds", **home) == 0
    made[WAJIMA].desk(OPERATOR).create_place("公民館")
    made[WAJIMA].book().work_ahead(100)
    assert value(made, tallies, "moyai_peer_waiting_records", **home) == 1
    assert value(made, tallies, "moyai_peer_lag_seconds", **home) == 3600


def test_ages_of_roster_certificate_and_backup(made: Federation) -> None:
    made.time.later(days=1)
    assert value(made, Tallies(), "moyai_roster_age_seconds") == 86_400
    assert value(made, Tallies(), "moyai_roster_left_seconds") == 364 * 86_400
    assert (value(made, Tallies(), "moyai_certificate_left_seconds") or 0) > 86_400
    assert value(made, Tallies(), "moyai_backup_known") == 0
    assert value(made, Tallies(), "moyai_backup_age_seconds") is None
    with made[WAJIMA].ledger.write() as writing:
        writing.set_meta("backup-verified-ms", str(made.time() - HOUR_MS))
    assert value(made, Tallies(), "moyai_backup_age_seconds") == 3600


def test_a_node_without_a_roster_gives_what_it_has(made: Federation) -> None:
    with made[WAJIMA].ledger.write() as writing:
        writing._connection().execute("DELETE FROM secrets WHERE name = ?", (ROSTER,))
    reopened = made.open(WAJIMA)
    assert reopened.now_ms() == NOW_MS
    assert value(made, Tallies(), "moyai_roster_version") is None
    assert value(made, Tallies(), "moyai_peers", state="listed") == 0


def test_every_search_of_every_process_falls_into_its_bucket(made: Federation) -> None:
    ledger = made[WAJIMA].ledger
    stale = ledger.data_version()
    for took_ms in (3, 10, 11, 600, 60_000, -5):
        with ledger.write() as writing:
            writing.count_search(took_ms)
    found = {bound: value(made, Tallies(), "moyai_search_seconds_bucket", le=bound) for bound in ("0.005", "0.01")}
    assert found == {"0.005": 2, "0.01": 3}
    assert value(made, Tallies(), "moyai_search_seconds_bucket", le="1.0") == 5
    assert value(made, Tallies(), "moyai_search_seconds_bucket", le="+Inf") == 6
    assert value(made, Tallies(), "moyai_search_seconds_count") == 6
    assert value(made, Tallies(), "moyai_search_seconds_sum") == 60.624
    assert ledger.data_version() == stale


def test_conversations_one_after_the_other_are_added_up() -> None:
    tallies, peer = Tallies(), Peer(b"n" * 16, KANAZAWA)
    for count in (3, 8):
        tallies.moved(peer, Counts(received=count, sent=1))
    tallies.moved(peer, Counts(received=2, sent=0))
    tallies.ended(Ended(peer, False, Outcome("PEER_UNREACHABLE", said_by_peer=False, counts=Counts(received=4))))
    assert (tallies.received(), tallies.sent()) == ({KANAZAWA: 12}, {KANAZAWA: 1})
    assert tallies.conversations() == {(KANAZAWA, "PEER_UNREACHABLE"): 1}


# --- to whom


def config(**settings: object) -> NodeConfig:
    base = {"organisation": WAJIMA, "organisation_name": "輪島市", "kind": "municipality", "role": "home", "label": "w"}
    return NodeConfig.model_validate({**base, **settings})


@pytest.mark.parametrize("address", ["127.0.0.1:9464", "127.8.9.1:1", "[::1]:9464", "localhost:9464"])
def test_this_machine_may_ask(address: str) -> None:
    assert address_for(config(), address) == address
    assert address_for(config(metrics=address), "") == address


@pytest.mark.parametrize("address", ["0.0.0.0:9464", "192.168.1.5:9464", "[::]:9464", "node.example:9464", ":9464"])
def test_others_may_not_unless_node_toml_says_so(address: str) -> None:
    with pytest.raises(MetricsNotLoopback) as refused:
        address_for(config(), address)
    assert refused.value.details == {"address": address}
    assert address_for(config(metrics_beyond_loopback=True), address) == address


def test_nothing_is_given_where_nobody_asked_for_it() -> None:
    assert address_for(config(), "") == ""


def test_a_setting_that_is_true_or_not_is_written_so_that_it_is_read_again(tmp_path: Path) -> None:
    directory = NodeDirectory(tmp_path)
    directory.write_config(config(metrics_beyond_loopback=True, metrics="0.0.0.0:9464"))
    assert directory.read_config() == config(metrics_beyond_loopback=True, metrics="0.0.0.0:9464")


def test_prometheus_can_read_what_is_given(made: Federation) -> None:
    tallies, _ = lived_through(made)
    with given("127.0.0.1:0", registry(made, tallies)) as port:
        with urlopen(f"http://127.0.0.1:{port}/metrics") as answer:
            text = answer.read().decode()
        with pytest.raises(MetricsListenFailed), given(f"127.0.0.1:{port}", registry(made, tallies)):
            pass
    names = {one.name for family in text_string_to_metric_families(text) for one in family.samples}
    ours = {name for name in names if name.startswith("moyai_")}
    assert ours <= sample_names()
    assert "process_resident_memory_bytes" in names


@pytest.mark.parametrize(
    ("host", "status"),
    [
        *((own, 200) for own in ("127.0.0.1:9464", "localhost", "LOCALHOST:1", "[::1]:9464", "127.8.9.1:9464")),
        *((other, 421) for other in ("evil.example", "evil.example:9464", "localhost@evil.example", "[::1", "", "/")),
        *((other, 421) for other in ("u@localhost", "localhost.evil.example", "localhost/x", "192.168.1.5:9464")),
    ],
)
def test_a_page_whose_name_was_pointed_here_reads_nothing(host: str, status: int) -> None:
    with given("127.8.9.1:0", registry_of(list, lambda: Searches((("+Inf", 0),), 0))) as port:
        answered, told = asked("127.8.9.1", port, host)
    assert (answered, b"moyai" in told) == (status, status == 200)


def test_this_machine_is_answered_by_its_name() -> None:
    with given("localhost:0", registry_of(list, lambda: Searches((("+Inf", 0),), 0))) as port:
        assert asked("localhost", port, f"localhost:{port}")[0] == 200


def test_where_others_may_ask_they_do_so_by_whatever_name_they_have_for_it() -> None:
    with given("0.0.0.0:0", registry_of(list, lambda: Searches((("+Inf", 0),), 0))) as port:
        assert asked("127.0.0.1", port, "node.example:9464")[0] == 200


def asked(address: str, port: int, host: str) -> tuple[int, bytes]:
    connection = HTTPConnection(address, port, timeout=30)
    try:
        connection.request("GET", "/metrics", headers={"Host": host})
        answer = connection.getresponse()
        return answer.status, answer.read()
    finally:
        connection.close()
