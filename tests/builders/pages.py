"""Reads the pages of an encrypted ledger as they lie on the disk, to see what is really gone."""

from pathlib import Path

from cryptography.hazmat.primitives.ciphers import Cipher, algorithms, modes

PAGE_BYTES = 4096
RESERVED_BYTES = 80
"""16 bytes initialisation vector and 64 bytes HMAC-SHA-512 at the end of each page."""
SALT_BYTES = 16


def decrypted_pages(path: Path, key: bytes) -> list[bytes]:
    """Every page of the file in plain, free pages and unused space included."""
    raw = path.read_bytes()
    pages = []
    for start in range(0, len(raw), PAGE_BYTES):
        page = raw[start : start + PAGE_BYTES]
        body = page[SALT_BYTES if start == 0 else 0 : PAGE_BYTES - RESERVED_BYTES]
        vector = page[PAGE_BYTES - RESERVED_BYTES :][:16]
        decryptor = Cipher(algorithms.AES256(key), modes.CBC(vector)).decryptor()
        pages.append(decryptor.update(body) + decryptor.finalize())
    return pages
