"""The domain labels: a signature over one kind of statement never holds for another (SPECIFICATION 2)."""

from typing import Final

RECORD: Final = b"moyai.v1 record\n"
ROSTER: Final = b"moyai.v1 roster\n"
CERTIFICATE: Final = b"moyai.v1 certificate\n"
ENROLMENT: Final = b"moyai.v1 enrolment\n"
REVOCATION: Final = b"moyai.v1 revocation\n"
APPLICATION: Final = b"moyai.v1 application\n"
DECISION: Final = b"moyai.v1 decision\n"
ACTIVATION: Final = b"moyai.v1 activation\n"
BUNDLE: Final = b"moyai.v1 bundle\n"
CARD: Final = b"moyai.v1 card\n"
BACKUP: Final = b"moyai.v1 backup\n"
