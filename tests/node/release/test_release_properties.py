"""What holds of the release rule whatever is known."""

from hypothesis import given, settings, strategies as st

from node.records import kinds
from node.records.record import Record
from node.release.bounds import next_change_ms, recipients
from node.release.federation import Federation, Recipient
from node.release.known import Fact, SubjectKnown
from node.release.rule import HOLDER, INTERNAL, RETURN, Release, may_release, releases
from tests.builders.release import (
    DAY,
    GYM,
    HOUR,
    ISHIKAWA,
    KANAZAWA,
    MEDICS,
    MEMBERS,
    NANAO,
    NOW,
    SUZU,
    TAKAOKA,
    TOYAMA,
    WAJIMA,
    activation,
    closure,
    consent,
    fact,
    federation,
    grant,
    identity,
    left,
    protection,
    residence,
    stay,
    withdrawal,
    written,
)

CODES = [WAJIMA, KANAZAWA, SUZU, NANAO, TAKAOKA, ISHIKAWA, TOYAMA, MEDICS]
codes = st.sampled_from(CODES)
towns = st.sampled_from([WAJIMA, KANAZAWA, SUZU, TAKAOKA])
slots = st.sampled_from([b"1", b"2"])
near = st.integers(-40, 40).map(lambda days: NOW + days * DAY + HOUR)

Content = tuple[int, object, bytes]


def contents() -> st.SearchStrategy[Content]:
    """A facet, its content and its slot, mostly of the kind that opens something."""
    consents = st.builds(
        lambda names, facets, everyone, guardian, start, end: consent(
            *names, facets=facets, everyone=everyone, guardian=guardian, from_ms=start, until_ms=end
        ),
        st.lists(codes, max_size=2),
        st.sets(st.sampled_from(range(1, 20)), min_size=1, max_size=6),
        st.booleans(),
        st.sampled_from([None, "母"]),
        near,
        st.none() | near,
    )
    return st.one_of(
        st.tuples(st.just(kinds.STAY), st.builds(stay, towns), slots),
        st.tuples(st.just(kinds.STAY), st.builds(lambda a, b, t: left(a, to=b, until_ms=t), towns, towns, near), slots),
        st.tuples(st.just(kinds.RESIDENCE), st.builds(residence, towns), st.just(b"")),
        st.tuples(st.just(kinds.CONSENT), consents, slots),
        st.tuples(st.just(kinds.CONSENT), st.builds(withdrawal), slots),
        st.tuples(st.just(kinds.CLOSURE), st.builds(lambda t: closure(at_ms=t), near), st.just(b"")),
        st.tuples(
            st.just(kinds.IDENTITY), st.builds(identity, st.sampled_from(["1950", "2008-01-10", "2015"])), st.just(b"")
        ),
        st.tuples(st.sampled_from([kinds.CARE, kinds.MEDICAL, kinds.RESIDENT, 99]), st.just(b""), st.just(b"")),
        st.tuples(
            st.just(kinds.PROTECTION),
            st.builds(
                lambda names, active: protection(*names, active=active), st.lists(codes, max_size=2), st.booleans()
            ),
            st.just(b""),
        ),
    )


def facts(
    authors: st.SearchStrategy[str] = codes, counts: st.SearchStrategy[bool] | None = None
) -> st.SearchStrategy[Fact]:
    return st.builds(
        lambda content, by, via, basis, counting, at: fact(
            written(by, content[0], content[1], slot=content[2], at_ms=at),  # type: ignore[arg-type]
            came_from=via if by != WAJIMA else by,
            basis=basis if by != WAJIMA else "INTERNAL",
            counts=counting,
        ),
        contents(),
        authors,
        codes,
        st.sampled_from(["CONSENT", "TEMPORARY_STAY", "AGREEMENT", "EMERGENCY", "HOLDER", "INTERNAL"]),
        st.booleans() if counts is None else counts,
        near,
    )


ours_mostly = st.sampled_from([WAJIMA, WAJIMA, WAJIMA, KANAZAWA, SUZU])
stories = st.lists(facts(ours_mostly, st.sampled_from([True, True, True, False])), min_size=1, max_size=8)
grants = st.lists(
    st.builds(lambda to, end, support: grant(to, until_ms=end, support=support), codes, near, st.booleans()), max_size=2
)
activations = st.lists(st.builds(lambda by, end: activation(by, until_ms=end), codes, near), max_size=1)
federations = st.builds(lambda g, a: federation(grants=g, activations=a), grants, activations)
holders = st.sets(codes, max_size=2).map(lambda some: frozenset(some) - {WAJIMA})


def of(held: list[Fact], some: frozenset[str] = frozenset()) -> SubjectKnown:
    return SubjectKnown.of(held, here=WAJIMA, minted_by=WAJIMA, holders=some)


def decided(known: SubjectKnown, members: Federation, now_ms: int = NOW) -> dict[tuple[str, bytes], Release]:
    """All that goes out, to whom and on what."""
    return {
        (code, held.record.id): release
        for code in MEMBERS
        if code != WAJIMA
        for held, release in releases(known, Recipient(code), members, now_ms=now_ms)
    }


@given(stories, holders, federations)
def test_whoever_gets_anything_is_among_the_recipients(
    held: list[Fact], some: frozenset[str], members: Federation
) -> None:
    known = of(held, some)
    assert {code for code, _ in decided(known, members)} <= recipients(known, members, now_ms=NOW)


@given(stories, holders, federations)
def test_one_and_many_decide_alike(held: list[Fact], some: frozenset[str], members: Federation) -> None:
    known = of(held, some)
    many = decided(known, members)
    for code in (KANAZAWA, SUZU, ISHIKAWA, MEDICS):
        for one in held:
            release = may_release(one, known, Recipient(code), members, now_ms=NOW)
            assert many.get((code, one.record.id)) == release


@given(stories, holders, federations, st.lists(codes, max_size=2))
def test_a_protected_person_goes_to_nobody_who_is_not_named(
    held: list[Fact], some: frozenset[str], members: Federation, names: list[str]
) -> None:
    guard = fact(written(WAJIMA, kinds.PROTECTION, protection(*names), slot=WAJIMA.encode()))
    known = of([*held, guard], some)
    facets = {one.record.id: one.record.facet for one in known.facts}
    for code, id_ in decided(known, members):
        told = code in known.holders and facets[id_] in (kinds.PROTECTION, kinds.ERASURE)
        assert code in names or code in known.protectors or told


@given(stories, holders, federations, st.lists(facts(counts=st.just(False)), min_size=1, max_size=4))
def test_what_does_not_count_opens_nothing(
    held: list[Fact], some: frozenset[str], members: Federation, weightless: list[Fact]
) -> None:
    before = decided(of(held, some), members)
    after = decided(of([*held, *weightless], some), members)
    added = {one.record.id for one in weightless}
    assert {key: release for key, release in after.items() if key[1] not in added} == before
    assert all(release.basis == RETURN for (_, id_), release in after.items() if id_ in added)


@given(stories, holders, federations, st.lists(facts(st.sampled_from([NANAO, TAKAOKA]), st.just(True)), max_size=5))
def test_nobody_opens_anything_by_its_own_word(
    held: list[Fact], some: frozenset[str], members: Federation, words: list[Fact]
) -> None:
    known = of([one for one in held if not _names(one.record, NANAO, TAKAOKA)], some)
    lied = of([*known.facts, *(one for one in words if one.record.facet in OPENERS)], some)
    before = decided(known, members)
    told_before = {key for key, release in before.items() if release.basis != HOLDER}
    for key, release in decided(lied, members).items():
        if key[1] in {one.record.id for one in known.facts} and release.basis not in (HOLDER, RETURN):
            assert key in told_before


OPENERS = frozenset({kinds.STAY, kinds.RESIDENCE, kinds.CONSENT})


def _names(record: Record, *names: str) -> bool:
    return any(code.encode() in record.content for code in names)


@given(stories, holders, federations)
def test_an_unrelated_record_opens_nothing(held: list[Fact], some: frozenset[str], members: Federation) -> None:
    before = decided(of(held, some), members)
    note = fact(written(WAJIMA, kinds.NOTE, slot=b"n"))
    person = {one.record.id for one in held if one.record.facet not in kinds.PERSON_CONTROL}
    after = decided(of([*held, note], some), members)
    assert {key: release for key, release in after.items() if key[1] in person} == {
        key: release for key, release in before.items() if key[1] in person
    }


@settings(max_examples=200)
@given(stories, federations, st.sampled_from([0.5, 1.0]))
def test_nothing_changes_before_the_next_change(held: list[Fact], members: Federation, part: float) -> None:
    known = of(held)
    change = next_change_ms(known, members, now_ms=NOW)
    last = NOW + int((change - 1 - NOW) * part) if change else NOW + int(10_000 * DAY * part)
    assert decided(known, members, last) == decided(known, members, NOW)


@given(stories, federations)
def test_the_register_and_unknown_facets_never_leave(held: list[Fact], members: Federation) -> None:
    known = of(held)
    facets = {one.record.id: one for one in known.facts}
    for (_, id_), release in decided(known, members).items():
        assert facets[id_].record.facet != kinds.RESIDENT
        assert facets[id_].record.facet != 99 or release.basis == RETURN


@given(stories, federations)
def test_a_shelter_gets_no_more_than_the_town_hall(held: list[Fact], members: Federation) -> None:
    known = of(held)
    shelter = Recipient(WAJIMA, b"n" * 16, frozenset({GYM}))
    got = {one.record.id for one, _ in releases(known, shelter, members, now_ms=NOW)}
    hall = list(releases(known, Recipient(WAJIMA), members, now_ms=NOW))
    assert got <= {one.record.id for one, _ in hall}
    assert all(release == Release(INTERNAL) for _, release in hall)
