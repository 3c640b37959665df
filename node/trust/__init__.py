"""Sealing and keys, the roster, enrolment: whom to believe. The only room that touches the cryptography."""
