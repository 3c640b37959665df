"""Runs Splink over entries in a file, in an interpreter that has it.

Its arguments are the file of entries and the one to write the pairs into.

Set up as its documentation has it for people: names by Jaro-Winkler with adjustment for how frequent they are, its own
comparison of birth dates, u from random pairs, m by expectation maximisation over two blocking rules. It is given the
names as written and as read, of one width, which is what a register would hand over.
"""

import json
import sys
from pathlib import Path

LEAST_WEIGHT = -10
RULES = (
    "l.birth = r.birth",
    "l.family_kana = r.family_kana AND l.given_kana = r.given_kana",
    "l.family = r.family AND l.given = r.given",
    "l.phone = r.phone AND l.given_kana = r.given_kana",
    "l.address = r.address AND l.given_kana = r.given_kana",
    "substr(l.birth, 1, 4) = substr(r.birth, 1, 4) AND l.given_kana = r.given_kana",
    "substr(l.birth, 1, 4) = substr(r.birth, 1, 4) AND l.family_kana = r.family_kana",
)


def run(given: Path, answered: Path) -> None:
    """Train and predict; only where Splink is installed."""
    import duckdb  # noqa: PLC0415
    import splink.comparison_library as library  # noqa: PLC0415
    from splink import Linker, SettingsCreator  # noqa: PLC0415
    from splink.internals.duckdb.database_api import DuckDBAPI  # noqa: PLC0415

    connection = duckdb.connect()
    connection.execute(f"CREATE TABLE entries AS SELECT * FROM read_json_auto('{given}', format = 'array')")
    connection.execute("ALTER TABLE entries ALTER birth TYPE VARCHAR")
    connection.execute("ALTER TABLE entries ALTER phone TYPE VARCHAR")

    def name(column: str) -> object:
        return library.JaroWinklerAtThresholds(column, [0.92, 0.8]).configure(term_frequency_adjustments=True)

    settings = SettingsCreator(
        link_type="dedupe_only",
        comparisons=[
            name("family"),
            name("given"),
            name("family_kana"),
            name("given_kana"),
            library.DateOfBirthComparison("birth", input_is_string=True),
            library.ExactMatch("sex"),
            library.JaroWinklerAtThresholds("address", [0.95, 0.85]),
            library.LevenshteinAtThresholds("phone", [1]),
        ],
        blocking_rules_to_generate_predictions=list(RULES),
    )
    api = DuckDBAPI(connection)
    linker = Linker(api.register("entries"), settings)
    linker.training.estimate_probability_two_random_records_match(list(RULES[:3]), recall=0.8)
    linker.training.estimate_u_using_random_sampling(max_pairs=2e6, seed=1)
    for rule in RULES[:2]:
        linker.training.estimate_parameters_using_expectation_maximisation(rule, record_sample_proportion=1.0)
    predicted = linker.inference.predict(threshold_match_weight=LEAST_WEIGHT)
    sql = f"""SELECT match_weight, unique_id_l, unique_id_r FROM {predicted.physical_name}
        ORDER BY match_weight DESC, unique_id_l, unique_id_r"""
    pairs = [(float(weight), int(left), int(right)) for weight, left, right in connection.execute(sql).fetchall()]
    answered.write_text(json.dumps(pairs), encoding="utf-8")


if __name__ == "__main__":
    run(Path(sys.argv[1]), Path(sys.argv[2]))
