"""A desk and a coordination without a node behind them: they answer from what they hold and note what was asked."""

from collections.abc import Callable, Collection, Sequence
from dataclasses import dataclass, field, replace

from node.declaring import EmergencyView
from node.desk.differences import Difference
from node.desk.resemblance import Resemblance
from node.desk.views import (
    ActView,
    Answered,
    CarriedView,
    ConsentView,
    Done,
    FieldView,
    NewPerson,
    PeerView,
    PersonView,
    PlaceView,
    SourceView,
    StandingLine,
    Totals,
    Whereto,
)
from node.errors import PinWrong
from node.forecast import Forecast
from node.people.kana import is_kana, to_katakana
from node.people.matching import Portrait, compare, portrait

NOON_MS = 1_704_250_200_000
"""3 January 2024, 11:50 in Japan."""
MINUTE_MS = 60_000
HERE = b"place-kawai-0001"
THERE = b"place-otani-0002"


def person(
    number: int, family: str, given: str, kana: str, birth: str, sex: int, address: str, household: int, **more: object
) -> PersonView:
    """A made-up person."""
    view = PersonView(
        subject=number.to_bytes(16, "big"),
        family_name=family,
        given_name=given,
        kana=kana,
        description="",
        birth=birth,
        sex=sex,
        address=address,
        phone="",
        municipality="172049",
        municipality_name="輪島市",
        household=household.to_bytes(16, "big"),
        care_codes=(),
        protected=False,
        resident_only=True,
        conflict=False,
        closed="",
        stay_state=0,
        place=b"",
        place_name="",
        outside=0,
        stay_municipality="",
        since_ms=0,
        confirmed_at_ms=0,
        confirmed_by="",
        here=False,
        expected=False,
        from_organisation="172049",
    )
    return replace(view, **more)  # type: ignore[arg-type]


def present(view: PersonView, **more: object) -> PersonView:
    """The same person, checked in here this morning."""
    here = replace(
        view,
        resident_only=False,
        stay_state=1,
        place=HERE,
        place_name="輪島市立河井小学校体育館",
        stay_municipality="172049",
        since_ms=NOON_MS - 300 * MINUTE_MS,
        confirmed_at_ms=NOON_MS - 100 * MINUTE_MS,
        confirmed_by="tanaka",
        here=True,
    )
    return replace(here, **more)  # type: ignore[arg-type]


def neighbours() -> list[PersonView]:
    """Made-up people of Wajima: a household at home, some in the shelter, one protected, one known from elsewhere."""
    return [
        person(1, "山岸", "正一", "ヤマギシ ショウイチ", "1948-05-03", 1, "石川県輪島市河井町15部13番地", 1),
        person(2, "山岸", "和子", "ヤマギシ カズコ", "1951-11-20", 2, "石川県輪島市河井町15部13番地", 1,
               care_codes=("dialysis", "elderly")),
        person(3, "山岸", "健太", "ヤマギシ ケンタ", "1979-02-14", 1, "石川県輪島市河井町15部13番地", 1),
        person(4, "山岸", "美咲", "ヤマギシ ミサキ", "2012-08-01", 2, "石川県輪島市河井町15部13番地", 1),
        present(person(5, "山崎", "ハナ", "ヤマザキ ハナ", "1936-01-09", 2, "石川県輪島市鳳至町上町21", 2,
                       care_codes=("elderly", "wheelchair"))),
        present(person(6, "山﨑", "誠", "ヤマザキ マコト", "1962-07-30", 1, "石川県輪島市鳳至町上町21", 2),
                stay_state=2),
        present(person(7, "大谷内", "由美子", "オオヤチ ユミコ", "1970-12-24", 2, "石川県輪島市マリンタウン6-1", 3),
                protected=True),
        person(8, "斉藤", "弘", "サイトウ ヒロシ", "1955-03-03", 1, "石川県珠洲市飯田町5-2", 4, stay_state=1,
               place=THERE,
               place_name="輪島市ふれあい健康センター", municipality="172057", municipality_name="珠洲市",
               resident_only=False),
        present(person(9, "齋藤", "弘", "サイトウ ヒロシ", "1955-03-03", 1, "輪島市杉平町2-10", 5), conflict=True),
        person(10, "中", "一郎", "ナカ イチロウ", "1988-10-10", 1, "石川県輪島市門前町走出6-69", 6, expected=True,
               resident_only=False, stay_state=4),
    ]  # fmt: skip


def shelters() -> list[PlaceView]:
    """Made-up figures for real kinds of shelters: reported, old, unknown, self-started."""
    rows = [
        (HERE, "輪島市立河井小学校体育館", "E172040000101", 300, 1, 227, 12),
        (THERE, "輪島市ふれあい健康センター", "E172040000201", 120, 1, 131, 190),
        (b"place-monzen-003", "門前西小学校", "E172040000301", 200, 1, None, None),
        (b"place-machino-04", "町野公民館（自主避難所）", "", None, 1, 36, 2900),
        (b"place-closed-005", "三井小学校", "E172040000401", 150, 2, 0, 60),
    ]
    return [
        PlaceView(
            subject=subject,
            name=name,
            national_id=national_id,
            local_id="",
            municipality="172049",
            municipality_name="輪島市",
            address="石川県輪島市河井町20部1番地",
            capacity=capacity,
            capacity_text=str(capacity or ""),
            present=4 if subject == HERE else 0,
            opening=opening,
            headcount=headcount,
            observed_at_ms=None if ago is None else NOON_MS - ago * MINUTE_MS,
            status_source="",
        )
        for subject, name, national_id, capacity, opening, headcount, ago in rows
    ]


@dataclass
class FakeNode:
    """What both desks have: a standing, peers, and a memory of what was asked."""

    asked: list[tuple[str, object]] = field(default_factory=list)
    people: list[PersonView] = field(default_factory=neighbours)
    version: int = 1
    offline: bool = True
    duplicates: int = 1
    pin_recovered: str = ""
    operator: str = "tanaka"
    pins: dict[str, str] = field(default_factory=dict)
    """The staff and their PINs; nobody: none were made yet."""
    now: int = NOON_MS
    served: bool = True
    is_drill: bool = False

    def now_ms(self) -> int:
        return self.now

    def staffed(self) -> bool:
        return bool(self.pins)

    def known_operator(self) -> str:
        return self.operator if not self.pins or self.operator in self.pins else ""

    def sign_in(self, operator: str, pin: str) -> bool:
        if self.pins and self.pins.get(operator) != pin:
            raise PinWrong(left=4)
        self.note("sign_in", operator)
        self.operator = operator
        return False

    def change_pin(self, operator: str, pin: str, new: str) -> None:
        self.pins[operator] = new

    def note_lock(self) -> None:
        self.note("lock")

    def note(self, act: str, about: object = None) -> None:
        self.asked.append((act, about))

    def acts(self, act: str) -> list[object]:
        """What `act` was asked with, in order."""
        return [about for name, about in self.asked if name == act]

    def changed(self) -> int:
        return self.version

    def standing(self) -> StandingLine:
        return StandingLine(
            place_name="輪島市立河井小学校体育館",
            operator=self.operator,
            organisation_name="輪島市",
            here_now=sum(each.here for each in self.people),
            not_sent=12,
            last_contact_ms=NOON_MS - 170 * MINUTE_MS,
            offline_since_ms=NOON_MS - 150 * MINUTE_MS if self.offline else None,
            conflicts=sum(each.conflict for each in self.people),
            duplicates=self.duplicates,
            quarantined=0,
            pin_recovered=self.pin_recovered,
        )

    def peers(self) -> list[PeerView]:
        return [
            PeerView(b"n" * 16, "172049", "輪島市（本庁）", ("wajima.example:7443",), 12, NOON_MS - 170 * MINUTE_MS,
                     NOON_MS - MINUTE_MS, "PEER_UNREACHABLE", is_failing=True),
            PeerView(b"k" * 16, "172014", "金沢市", ("kanazawa.example:7443",), 0, NOON_MS - 3 * MINUTE_MS,
                     NOON_MS - 3 * MINUTE_MS, "OPEN", is_open=True),
            PeerView(b"i" * 16, "170003", "石川県", (), 4, None, None, ""),
        ]  # fmt: skip

    def forecast(self, node: bytes) -> Forecast:
        return Forecast(12, 1_800, 1_800 / 1_200 * 100)

    def is_served(self) -> bool:
        return self.served

    def poke(self, organisation: str | None = None) -> None:
        self.note("poke", organisation)

    def stick(self) -> str:
        return "/media/usb"

    def write_bundle(
        self, organisation: str, node: bytes, path: str, *, progress: Callable[[int, int], None]
    ) -> list[CarriedView]:
        self.note("write_bundle", (organisation, path))
        progress(5, 10)
        return [CarriedView(organisation_name="輪島市", files=(f"{path}/a.moyai",), records=12)]

    def read_bundle(self, path: str, *, progress: Callable[[int, int], None]) -> list[CarriedView]:
        self.note("read_bundle", path)
        progress(10, 10)
        return [CarriedView(organisation_name="輪島市", records=3, new=3, arrived=12, waiting=0)]


@dataclass
class FakeDesk(FakeNode):
    """A desk at the shelter in Kawai."""

    place: bytes = HERE
    organisation: str = "172049"
    organisation_name: str = "輪島市"
    drafts: dict[str, dict[str, str]] = field(default_factory=dict)
    given: list[ConsentView] = field(default_factory=list)
    undoable: list[ActView] = field(default_factory=list)
    warnings: tuple[str, ...] = ()

    def use_place(self, place: bytes) -> None:
        self.note("use_place", place)
        self.place = place

    def places(self, text: str = "", *, municipality: str | None = None, limit: int = 50) -> list[PlaceView]:
        return [place for place in shelters() if text in place.name][:limit]

    def create_place(self, name: str, *, address: str = "", kind: int = 4) -> bytes:
        self.note("create_place", name)
        return b"place-new-000001"

    def make_ready(self) -> None:
        self.note("make_ready")

    def find(self, text: str, *, purpose: str = "reception", limit: int = 20) -> list[PersonView]:
        self.note("find", text)
        kana = to_katakana(text)
        wanted = [
            each
            for each in self.people
            if text in each.family_name + each.given_name or (is_kana(kana) and kana in each.kana.replace(" ", ""))
        ]
        return wanted[:limit]

    def household(self, subject: bytes) -> list[PersonView]:
        first = self.person(subject)
        others = [each for each in self.people if each.household == first.household and each.subject != subject]
        return [first, *others]

    def person(self, subject: bytes) -> PersonView:
        return next(each for each in self.people if each.subject == subject)

    def details(self, subject: bytes) -> list[FieldView]:
        self.note("details", subject)
        view = self.person(subject)
        rows = [("identity", "family_name", view.family_name), ("identity", "given_name", view.given_name)]
        rows += [("identity", "birth", view.birth), ("residence", "address", view.address)]
        return [FieldView(facet, name, text, "172049", "tanaka", NOON_MS, False) for facet, name, text in rows]

    def similar(self, person: NewPerson) -> list[Resemblance]:
        name = person.family_name + person.given_name
        alike = [each for each in self.people if name and each.family_name + each.given_name == name]
        return [Resemblance(each, compare(_portrait(each), _portrait(person))) for each in alike]

    @property
    def amending(self) -> "FakeAmending":
        return FakeAmending(self)

    def roster(
        self, *, place: bytes | None = None, which: str = "here", limit: int = 200, offset: int = 0
    ) -> list[PersonView]:
        self.note("roster", which)
        tests: dict[str, Callable[[PersonView], bool]] = {
            "here": lambda each: each.here,
            "out": lambda each: each.here and each.stay_state == 2,
            "unconfirmed": lambda each: each.here and each.confirmed_at_ms < NOON_MS,
            "care": lambda each: each.here and bool(each.care_codes),
            "expected": lambda each: each.expected,
            "left": lambda each: each.stay_state == 3,
        }
        return [each for each in self.people if tests[which](each)][offset : offset + limit]

    def done(self, act: str, subjects: Sequence[bytes], about: object, **change: object) -> Done:
        self.note(act, about)
        self.version += 1
        self.people = [
            replace(each, **change) if each.subject in subjects else each  # type: ignore[arg-type]
            for each in self.people
        ]
        token = f"{act}{self.version}".encode()
        self.undoable.insert(0, ActView(token, act, len(subjects), NOON_MS))
        return Done(tuple(subjects), len(subjects), token, self.warnings)

    def check_in(self, subjects: Sequence[bytes], *, place: bytes | None = None, outside: int = 0) -> Done:
        here = outside == 0
        return self.done(
            "check_in", subjects, (tuple(subjects), outside), here=here, stay_state=1, resident_only=False,
            place=self.place, expected=False,
        )  # fmt: skip

    def register(self, person: NewPerson, *, place: bytes | None = None) -> Done:
        number = 1000 + len(self.people)
        household = person.household or number.to_bytes(16, "big")
        view = _registered(number, person, household)
        self.people.append(view)
        return self.done("register", [view.subject], person)

    def out(self, subjects: Sequence[bytes]) -> Done:
        return self.done("out", subjects, tuple(subjects), stay_state=2)

    def back(self, subjects: Sequence[bytes]) -> Done:
        return self.done("back", subjects, tuple(subjects), stay_state=1)

    def seen(self, subjects: Sequence[bytes]) -> Done:
        return self.done("seen", subjects, tuple(subjects), confirmed_at_ms=NOON_MS)

    def leave(self, subjects: Sequence[bytes], where: Whereto) -> Done:
        return self.done("leave", subjects, (tuple(subjects), where), here=False, stay_state=3)

    def undo(self, token: bytes) -> Done:
        self.undoable = [act for act in self.undoable if act.token != token]
        self.note("undo", token)
        return Done((), 1, b"")

    def last_acts(self) -> list[ActView]:
        return self.undoable

    def consents(self, subject: bytes) -> list[ConsentView]:
        return self.given

    def give_consent(self, subject: bytes, **consent: object) -> Done:
        return self.done("give_consent", [], (subject, consent))

    def withdraw_consent(self, subject: bytes, slot: bytes) -> Done:
        return self.done("withdraw_consent", [], (subject, slot))

    def protect(self, subject: bytes, *, ground: str = "other", recipients: Sequence[str] = ()) -> Done:
        return self.done("protect", [subject], subject, protected=True)

    def lift_protection(self, subject: bytes) -> Done:
        return self.done("lift_protection", [subject], subject, protected=False)

    def erase(self, subject: bytes, *, ground: str = "request") -> Done:
        return self.done("erase", [], subject)

    def save_draft(self, key: str, fields: dict[str, str], *, operator: str = "") -> None:
        self.note("save_draft", dict(fields))
        self.drafts[self._whose(key, operator)] = dict(fields)

    def draft(self, key: str) -> dict[str, str] | None:
        return self.drafts.get(self._whose(key, ""))

    def drop_draft(self, key: str, *, operator: str = "") -> None:
        self.drafts.pop(self._whose(key, operator), None)

    def _whose(self, key: str, operator: str) -> str:
        """Drafts of the operator the desk was made for go by their key alone."""
        whose = operator or self.operator
        return key if whose == "tanaka" else f"{whose}: {key}"


def _portrait(of: PersonView | NewPerson) -> Portrait:
    return portrait(family_name=of.family_name, given_name=of.given_name, sex=of.sex, address=of.address)


def _registered(number: int, new: NewPerson, household: bytes) -> PersonView:
    kana = f"{new.family_kana} {new.given_kana}".strip()
    view = person(number, new.family_name, new.given_name, kana, "", new.sex, new.address, 0)
    return present(replace(view, household=household, description=new.description, care_codes=new.care_codes))


@dataclass(frozen=True)
class FakeAmending:
    """Knows one difference: another telephone."""

    desk: FakeDesk

    def differences(self, subject: bytes, typed: NewPerson) -> list[Difference]:
        held = self.desk.person(subject)
        if typed.phone in ("", held.phone):
            return []
        return [Difference("contact", "phone", held.phone, typed.phone, typed_likelier=True)]

    def recognise(
        self,
        subject: bytes,
        typed: NewPerson,
        *,
        seen: Sequence[Difference] = (),
        instead: Collection[str] = (),
        place: bytes | None = None,
    ) -> Done:
        return self.desk.done("recognise", [subject], (subject, typed, frozenset(instead)), here=True, stay_state=1)


@dataclass
class FakeCoordination(FakeNode):
    """The coordination of a prefecture."""

    def shelters(self, *, municipality: str | None = None, text: str = "") -> list[PlaceView]:
        self.note("shelters", text)
        return [place for place in shelters() if text in place.name]

    def totals(self) -> list[Totals]:
        return [Totals("172049", "輪島市", 5, 4, 394, 4, NOON_MS - 2900 * MINUTE_MS, 1)]

    def search(self, text: str, *, purpose: str, limit: int = 20) -> Answered:
        self.note("search", (text, purpose))
        found = tuple(each for each in self.people if text in each.family_name and not each.protected)
        sources = (
            SourceView("172049", "輪島市", 1843, NOON_MS - 3 * MINUTE_MS),
            SourceView("172014", "金沢市", 312, NOON_MS - 170 * MINUTE_MS, silent=True),
            SourceView("172057", "珠洲市", 0, None, silent=True),
        )
        return Answered(found, sources)

    @property
    def decisions(self) -> "FakeDecisions":
        return FakeDecisions()


class FakeDecisions:
    """Nothing was applied for or declared."""

    def emergencies(self) -> list[EmergencyView]:
        return []
