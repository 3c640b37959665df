"""Key files: a secret wrapped under a passphrase, or lying bare in a file that only its owner can read."""

import errno
import json
import os
import tempfile
import unicodedata
from dataclasses import dataclass
from pathlib import Path
from typing import Final

from nacl.bindings import (
    crypto_aead_xchacha20poly1305_ietf_decrypt,
    crypto_aead_xchacha20poly1305_ietf_encrypt,
    crypto_aead_xchacha20poly1305_ietf_NPUBBYTES,
)
from nacl.exceptions import CryptoError
from nacl.pwhash import argon2id

from node.errors import KeyFileMalformed, KeyFileOpenToOthers, PassphraseMissing, PassphraseWrong
from node.trust.keys import Entropy

FORMAT: Final = "moyai key file"
VERSION: Final = 1
SECRET_BYTES = 32
FILE_BYTES_MAX = 4096
OTHERS = 0o077

STORE = "store"
"""The key of the ledger."""
ORGANISATION = "organisation"
TRUSTEE = "trustee"


@dataclass(frozen=True, slots=True)
class Effort:
    """What guessing one passphrase costs (Argon2id): libsodium's opslimit and memlimit in bytes."""

    ops: int
    mem: int


MODERATE: Final = Effort(argon2id.OPSLIMIT_MODERATE, argon2id.MEMLIMIT_MODERATE)
"""256 MiB, about 0.7 s: what a shelter's laptop opens every morning."""

SENSITIVE: Final = Effort(argon2id.OPSLIMIT_SENSITIVE, argon2id.MEMLIMIT_SENSITIVE)
"""1 GiB, about 4 s: for organisation's and trustees' keys, used a few times a year."""

MOST: Final = Effort(64, 4 * 1024**3)
"""What a file may ask for: a changed file must not exhaust the machine."""


def wrap(secret: bytes, *, kind: str, passphrase: str, entropy: Entropy, effort: Effort = MODERATE) -> bytes:
    """A key file's bytes: the secret under a passphrase. Kind, version and effort are bound to it.

    Raises:
        PassphraseMissing: it is empty.
    """
    salt, nonce = entropy(argon2id.SALTBYTES), entropy(crypto_aead_xchacha20poly1305_ietf_NPUBBYTES)
    header: dict[str, str | int] = {
        "format": FORMAT,
        "version": VERSION,
        "kind": kind,
        "kdf": "argon2id",
        "ops": effort.ops,
        "mem": effort.mem,
        "salt": salt.hex(),
        "nonce": nonce.hex(),
    }
    key = _stretched(passphrase, salt, effort)
    sealed = crypto_aead_xchacha20poly1305_ietf_encrypt(secret, _bound(header), nonce, key)
    return _written({**header, "box": sealed.hex()})


def bare(secret: bytes, *, kind: str) -> bytes:
    """A key file's bytes without a passphrase: the file's mode is all that guards it."""
    return _written({"format": FORMAT, "version": VERSION, "kind": kind, "kdf": "none", "key": secret.hex()})


def unwrap(written: bytes, *, kind: str, passphrase: str | None) -> bytes:
    """The secret in a key file's bytes.

    Raises:
        KeyFileMalformed: it is no key file, of another kind, or asks for more work than is sane.
        PassphraseMissing: it is wrapped and no passphrase was given.
        PassphraseWrong: the passphrase does not open it, or it was changed.
    """
    fields = _read(written, kind)
    if fields["kdf"] == "none":
        return _hex(fields, "key", SECRET_BYTES)
    if fields["kdf"] != "argon2id":
        raise KeyFileMalformed(rule="kdf")
    if passphrase is None:
        raise PassphraseMissing()
    sealed = _hex(fields, "box", SECRET_BYTES + 16)
    nonce = _hex(fields, "nonce", crypto_aead_xchacha20poly1305_ietf_NPUBBYTES)
    key = _stretched(passphrase, _hex(fields, "salt", argon2id.SALTBYTES), _effort(fields))
    header = {name: value for name, value in fields.items() if name != "box"}
    try:
        return crypto_aead_xchacha20poly1305_ietf_decrypt(sealed, _bound(header), nonce, key)
    except CryptoError as error:
        raise PassphraseWrong() from error


def write_key_file(path: Path, written: bytes) -> None:
    """Put a key file in place whole or not at all, readable by its owner only, durable on return."""
    handle, temporary = tempfile.mkstemp(dir=path.parent, prefix=f".{path.name}.")
    try:
        with os.fdopen(handle, "wb") as file:
            file.write(written)
            file.flush()
            os.fsync(file.fileno())
        Path(temporary).replace(path)
    except BaseException:
        Path(temporary).unlink(missing_ok=True)
        raise
    _sync_folder(path.parent)


def read_key_file(path: Path, *, kind: str, passphrase: str | None = None, guarded: bool = False) -> bytes:
    """The secret in a key file; `guarded` says that whoever laid it there sees to it who can read it, by other means
    than its mode: a service manager's credential may belong to root, and have an access list for the node's user.

    Raises:
        KeyFileMalformed, PassphraseMissing, PassphraseWrong: as `unwrap`; "missing" where there is no file.
        KeyFileOpenToOthers: it has no passphrase and others than its owner can read it, or it is another user's.
    """
    written = _bytes_of(path)
    if not guarded and not needs_passphrase(written):
        _check_private(path)
    return unwrap(written, kind=kind, passphrase=passphrase)


def asks_for_passphrase(path: Path) -> bool:
    """Whether to ask for a passphrase before reading this file.

    Raises:
        KeyFileMalformed: it is no key file.
    """
    return needs_passphrase(_bytes_of(path))


def change_passphrase(
    path: Path, *, kind: str, old: str | None, new: str, entropy: Entropy, effort: Effort = MODERATE
) -> None:
    """Wrap the same secret under a new passphrase. Copies of the old file still open with the old one.

    Raises:
        KeyFileMalformed, KeyFileOpenToOthers, PassphraseMissing, PassphraseWrong: and the file is as it was.
    """
    secret = read_key_file(path, kind=kind, passphrase=old)
    write_key_file(path, wrap(secret, kind=kind, passphrase=new, entropy=entropy, effort=effort))


def needs_passphrase(written: bytes) -> bool:
    """Whether a key file's bytes are wrapped.

    Raises:
        KeyFileMalformed: they are none.
    """
    return _read(written, None)["kdf"] != "none"


def _read(written: bytes, kind: str | None) -> dict[str, str | int]:
    try:
        fields = json.loads(written)
    except ValueError as error:
        raise KeyFileMalformed(rule="encoding") from error
    if not isinstance(fields, dict) or fields.get("format") != FORMAT or "kdf" not in fields:
        raise KeyFileMalformed(rule="format")
    if fields.get("version") != VERSION:
        raise KeyFileMalformed(rule="version")
    if kind is not None and fields.get("kind") != kind:
        raise KeyFileMalformed(rule="kind")
    return fields


def _effort(fields: dict[str, str | int]) -> Effort:
    ops, mem = fields.get("ops"), fields.get("mem")
    if type(ops) is not int or type(mem) is not int:
        raise KeyFileMalformed(rule="effort")
    if not (argon2id.OPSLIMIT_MIN <= ops <= MOST.ops and argon2id.MEMLIMIT_MIN <= mem <= MOST.mem):
        raise KeyFileMalformed(rule="effort")
    return Effort(ops, mem)


def _hex(fields: dict[str, str | int], name: str, size: int) -> bytes:
    try:
        value = bytes.fromhex(str(fields.get(name, "")))
    except ValueError as error:
        raise KeyFileMalformed(rule=name) from error
    if len(value) != size:
        raise KeyFileMalformed(rule=name)
    return value


def _stretched(passphrase: str, salt: bytes, effort: Effort) -> bytes:
    """The same passphrase typed full-width or half-width, composed or not, is the same passphrase (NFKC)."""
    if not passphrase:
        raise PassphraseMissing()
    typed = unicodedata.normalize("NFKC", passphrase).encode()
    return argon2id.kdf(SECRET_BYTES, typed, salt, opslimit=effort.ops, memlimit=effort.mem)


def _bound(header: dict[str, str | int]) -> bytes:
    return json.dumps(header, sort_keys=True, separators=(",", ":")).encode()


def _written(fields: dict[str, str | int]) -> bytes:
    return (json.dumps(fields, indent=2) + "\n").encode()


def _bytes_of(path: Path) -> bytes:
    try:
        with path.open("rb") as file:
            return file.read(FILE_BYTES_MAX)
    except FileNotFoundError as error:
        raise KeyFileMalformed(rule="missing") from error
    except OSError as error:  # a folder of that name, say, or nothing that this user may read
        raise KeyFileMalformed(rule=errno.errorcode.get(error.errno or 0, "-")) from error


def _check_private(path: Path) -> None:
    state = path.stat()
    if state.st_mode & OTHERS or state.st_uid not in (0, os.geteuid()):
        raise KeyFileOpenToOthers(mode=oct(state.st_mode & 0o777)[2:])


def _sync_folder(folder: Path) -> None:
    handle = os.open(folder, os.O_RDONLY)
    try:
        os.fsync(handle)
    finally:
        os.close(handle)
