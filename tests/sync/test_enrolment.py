"""The second door: a code for a certificate, and no more than a reason where it is refused."""

from collections.abc import AsyncIterator

import pytest

from sync.enrolment import Application, Enrolled, EnrolmentServer, enrol
from sync.errors import MoyaiError, PeerRefused, PeerUnreachable
from sync.limits import GREETING_BYTES_MAX
from sync.threads import Threads
from tests.builders.tls import Keeper


class CodeRefused(MoyaiError):
    reason = "CODE_REFUSED"


class Door:
    """An enrolment server with a registrar that knows one code."""

    def __init__(self) -> None:
        self.keeper = Keeper()
        self.let_in = 0
        self.server = EnrolmentServer(self.register, self.keeper.identity, Threads(), self.enrolled)
        self.endpoint = ""

    def register(self, application: Application) -> Enrolled:
        if application.code == "error":
            raise KeyError("田中太郎")
        if application.code != "right":
            raise CodeRefused
        return Enrolled(b"signed " + application.certificate, b"roster")

    async def enrolled(self) -> None:
        self.let_in += 1


@pytest.fixture
async def door() -> AsyncIterator[Door]:
    one = Door()
    one.endpoint = f"127.0.0.1:{await one.server.start('127.0.0.1:0')}"
    yield one
    await one.server.stop(grace_s=1)


def asking(code: str, certificate: bytes = b"wish") -> Application:
    return Application(code, certificate, bytes(64))


async def test_the_right_code_is_traded_for_a_certificate(door: Door) -> None:
    given = await enrol(door.endpoint, [door.keeper.der], asking("right"))
    assert given == Enrolled(b"signed wish", b"roster")
    assert door.let_in == 1


async def test_a_wrong_code_is_told_by_its_reason(door: Door) -> None:
    with pytest.raises(PeerRefused) as caught:
        await enrol(door.endpoint, [door.keeper.der], asking("wrong"))
    assert caught.value.details == {"peer_reason": "CODE_REFUSED"}
    assert door.let_in == 0


async def test_an_error_inside_is_told_as_a_failure_of_the_store(door: Door) -> None:
    with pytest.raises(PeerRefused) as caught:
        await enrol(door.endpoint, [door.keeper.der], asking("error"))
    assert caught.value.details == {"peer_reason": "STORE_FAILED"}


async def test_an_oversized_wish_is_refused_unread(door: Door) -> None:
    with pytest.raises(PeerRefused) as caught:
        await enrol(door.endpoint, [door.keeper.der], asking("right", bytes(GREETING_BYTES_MAX + 1)))
    assert caught.value.details == {"peer_reason": "LIMIT_PASSED"}


async def test_a_home_with_another_certificate_gets_no_code(door: Door) -> None:
    with pytest.raises(PeerUnreachable):
        await enrol(door.endpoint, [Keeper().der], asking("right"))
    assert door.let_in == 0
