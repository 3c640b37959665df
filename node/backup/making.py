"""Makes a backup beside whoever writes: a copy of one moment, sealed to two keys, read back whole before it counts."""

import errno
import fcntl
import os
from collections.abc import Callable, Iterator, Sequence
from contextlib import contextmanager, suppress
from dataclasses import dataclass
from importlib.metadata import version
from pathlib import Path
from typing import BinaryIO, Final

from node.backup.content import BARE_KEY, CONFIG, LEDGER, MEMBER_CARD, ORGANISATION_KEY, WRAPPED_KEY, Content
from node.backup.head import ORGANISATION, RECOVERY, BackupHead
from node.backup.keeping import MEGABYTE, Dropped, Kept, drop_older, named_in
from node.backup.reading import Checked, check_opened
from node.backup.sealing import OpenedBackup, Progress, Recipient, Sealed, nobody, seal_into
from node.errors import (
    BackupForeign,
    BackupNotWritten,
    BackupOfAnother,
    BackupRoomMissing,
    BackupRunning,
    FileInTheWay,
    RecoveryKeyMissing,
)
from node.files import sync_folder
from node.installation import Installation
from node.ledger import AuditEntry
from node.ledger.copying import copy, inside
from node.ledger.upgrading import old_copies
from node.trust import keyfile
from node.trust.keys import box_key_of
from node.vault import BACKUP_VERIFIED, RECOVERY_KEY

BLOCK_BYTES: Final = 1 << 20
SPARE_BYTES: Final = 8 << 20
OLD_COPY_MS: Final = 30 * 24 * 3600 * 1000
"""For how long the copy before an upgrade is kept where backups are made."""
PARTS: Final = 3
"""Copying, sealing and reading back, of which each goes once through all bytes."""


@dataclass(frozen=True, slots=True)
class Made:
    """A backup that was made and read back."""

    file: Path
    made_at_ms: int
    bytes: int
    checked: Checked
    dropped: tuple[Path, ...] = ()
    """Older ones that were taken away."""
    ahead: tuple[Path, ...] = ()
    """Those that say to be of later than now, which were left alone."""


def make_backup(
    node: Installation,
    target: Path,
    *,
    operator: str,
    keep: int | None = None,
    progress: Progress = nobody,
    for_drill: bool = False,
) -> Made:
    """Make a backup in a file, or under a name of its own in a folder; there `keep` says how many of this node's stay.

    One `for_drill` is not to be kept, and is not written down.

    Raises:
        RecoveryKeyMissing: this is a home node, and nobody has made its recovery key.
        BackupRunning: another one is being made.
        BackupRoomMissing, BackupNotWritten, FileInTheWay, BackupOfAnother: it can't be written there.
        BackupUnsound, LedgerDamaged, AuditBroken: what was read back is not what it should be. It is not left there.
    """
    recipients = recipients_of(node)
    made_at_ms = node.now_ms()
    file = target / named_in(node, made_at_ms) if target.is_dir() else target
    _check_free(file, node)
    total = node.ledger.path.stat().st_size
    with _one_at_a_time(node), _into(file, node) as beside:
        _check_room(node, file.parent, total)
        sealed = _copy_and_seal(node, beside, recipients, made_at_ms, _shared(progress, total, 0))
        checked = _read_back(node, beside, sealed, _shared(progress, total, 2))
        _check_free(file, node)
        with _on_medium():
            beside.replace(file)
            sync_folder(file.parent)
    if for_drill:
        return Made(file, made_at_ms, file.stat().st_size, checked)
    for old in old_copies(node.ledger.path, before_ms=made_at_ms - OLD_COPY_MS):
        old.unlink()
    dropped = Dropped()
    with _on_medium():
        if keep:
            kept = Kept(node.config.organisation, node.key.node, keep, file, made_at_ms)
            dropped = drop_older(file.parent, kept)
        size = file.stat().st_size
    _note(node, made_at_ms, checked, operator)
    return Made(file, made_at_ms, size, checked, dropped.gone, dropped.ahead)


def recipients_of(node: Installation) -> list[Recipient]:
    """The keys a backup of this node is sealed to: its organisation's newest, and the recovery key. A laptop, which has
    everything from its home node, can do without the latter.

    Raises:
        NotEnrolled: there is no roster yet, to tell the organisation's key.
        RecoveryKeyMissing: a home node needs one.
    """
    member = node.room.now().believed.roster.organisation(node.config.organisation)
    newest = max(member.signing_keys, key=lambda key: key.valid_from_ms)
    found = [Recipient(ORGANISATION, box_key_of(newest.public_key))]
    recovery = node.ledger.secret(RECOVERY_KEY)
    if recovery is not None:
        found.append(Recipient(RECOVERY, recovery))
    elif node.is_home:
        raise RecoveryKeyMissing
    return found


def _copy_and_seal(
    node: Installation, beside: Path, recipients: Sequence[Recipient], made_at_ms: int, progress: Progress
) -> Sealed:
    """The copy lies beside the ledger, encrypted as that is, for as long as it takes to seal it."""
    key, copied = node.store_key, node.directory.path / "backup-copy.db"
    try:
        copy(node.ledger.path, key, copied, progress)
        size = copied.stat().st_size
        small = _small_files(node)
        files = (*((name, len(content)) for name, content in small), (LEDGER, size))
        content = Content(version("moyai"), inside(copied, key), files)
        head = content.written + b"".join(written for _, written in small)
        with _on_medium(), _made_anew(beside) as file:
            return seal_into(
                file,
                _blocks(head, copied, lambda done: progress(size + done, size)),
                recipients,
                plain_bytes=len(head) + size,
                organisation=node.config.organisation,
                key=node.key,
                made_at_ms=made_at_ms,
                entropy=node.entropy,
            )
    finally:
        copied.unlink(missing_ok=True)


def _made_anew(path: Path) -> BinaryIO:
    """A file that only its owner may read, in place of what a crash has left, or of what somebody has laid there: that
    goes, and is neither followed nor written to."""
    path.unlink(missing_ok=True)
    return os.fdopen(os.open(path, os.O_WRONLY | os.O_CREAT | os.O_EXCL | os.O_NOFOLLOW | os.O_CLOEXEC, 0o600), "wb")


def _read_back(node: Installation, beside: Path, sealed: Sealed, progress: Progress) -> Checked:
    """From the medium, as far as the system lets go of what it remembers of it."""
    with _on_medium(), beside.open("rb") as file:
        if hasattr(os, "posix_fadvise"):
            os.posix_fadvise(file.fileno(), 0, 0, os.POSIX_FADV_DONTNEED)
        opened = OpenedBackup(file, lambda _head: sealed.stream, progress)
        return check_opened(opened, node.directory.path / "backup-check.db")


def _small_files(node: Installation) -> list[tuple[str, bytes]]:
    directory = node.directory
    there = [(CONFIG, directory.config.read_bytes()), (BARE_KEY, keyfile.bare(node.store_key, kind=keyfile.STORE))]
    for name, path in (
        (WRAPPED_KEY, directory.wrapped_key),
        (ORGANISATION_KEY, directory.organisation_key),
        (MEMBER_CARD, directory.member_card),
    ):
        with suppress(FileNotFoundError):
            there.append((name, path.read_bytes()))
    return there


def _blocks(head: bytes, ledger: Path, progress: Callable[[int], None]) -> Iterator[bytes]:
    yield head
    with ledger.open("rb") as file:
        while block := file.read(BLOCK_BYTES):
            yield block
            progress(file.tell())


def _note(node: Installation, made_at_ms: int, checked: Checked, operator: str) -> None:
    with node.ledger.write() as writing:
        writing.set_meta(BACKUP_VERIFIED, str(made_at_ms))
        writing.log(
            AuditEntry(
                at_ms=node.now_ms(),
                act="backup",
                operator=operator,
                node=node.key.node,
                organisation=node.config.organisation,
                purpose="",
                count=checked.inside.records,
            )
        )


@contextmanager
def _one_at_a_time(node: Installation) -> Iterator[None]:
    """The system lets go of the lock however this ends; what an earlier one has left is of no use."""
    lock = os.open(node.directory.path / "backing-up", os.O_RDWR | os.O_CREAT | os.O_CLOEXEC, 0o600)
    try:
        try:
            fcntl.flock(lock, fcntl.LOCK_EX | fcntl.LOCK_NB)
        except BlockingIOError as error:
            raise BackupRunning from error
        yield
    finally:
        os.close(lock)


@contextmanager
def _into(file: Path, node: Installation) -> Iterator[Path]:
    """A file beside the one that is to be; of one name for each node, so that what a crash has left is written over."""
    beside = file.with_name(f".{node.key.node.hex()[:8]}.backup.new")
    try:
        yield beside
    finally:
        with suppress(OSError):
            beside.unlink(missing_ok=True)


def _check_free(file: Path, node: Installation) -> None:
    """Raises FileInTheWay, BackupOfAnother where something else than a backup of this node would be written over."""
    with _on_medium():
        if not file.exists():
            return
        try:
            with file.open("rb") as there:
                head = BackupHead.read(there)
        except (BackupForeign, IsADirectoryError) as error:
            raise FileInTheWay(file=file.name) from error
    if (head.organisation, head.node) != (node.config.organisation, node.key.node):
        raise BackupOfAnother(file=file.name, organisation=head.organisation, node=head.node.hex()[:8])


def _check_room(node: Installation, folder: Path, size: int) -> None:
    """What is sealed lies in one folder; the copy, then what is read back, in the other; both may be on one disk."""
    here = node.directory.path
    need = size + SPARE_BYTES
    with _on_medium():
        together = here.stat().st_dev == folder.stat().st_dev
        for place in (here, folder):
            disk = os.statvfs(place)
            free = disk.f_bavail * disk.f_frsize
            if free < need * (2 if together else 1):
                wanted = need * (2 if together else 1) // MEGABYTE + 1
                raise BackupRoomMissing(folder=str(place), need=wanted, free=free // MEGABYTE)


@contextmanager
def _on_medium() -> Iterator[None]:
    try:
        yield
    except OSError as error:
        raise BackupNotWritten(what=errno.errorcode.get(error.errno or 0, "-")) from error


def _shared(progress: Progress, total: int, parts_before: int) -> Progress:
    """Of the whole way the part that begins after so many others."""
    return lambda done, whole: progress(
        parts_before * total + min(done * total // max(whole, 1), (PARTS - parts_before) * total), PARTS * total
    )
