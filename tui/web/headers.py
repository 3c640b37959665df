"""What every answer to a browser carries, and which requests come from our own pages. Pure."""

from collections.abc import Mapping
from typing import Final
from urllib.parse import urlsplit

POLICY: Final = "; ".join(
    (
        "default-src 'none'",
        "script-src 'self'",
        "style-src 'self' 'unsafe-inline'",  # the terminal writes styles for its cells
        "img-src 'self' data:",
        "font-src 'self'",
        "connect-src 'self'",
        "form-action 'self'",
        "base-uri 'none'",
        "frame-ancestors 'none'",
    )
)
HEADERS: Final[Mapping[str, str]] = {
    "Content-Security-Policy": POLICY,
    "X-Content-Type-Options": "nosniff",
    "X-Frame-Options": "DENY",
    "Referrer-Policy": "same-origin",  # with "no-referrer" a browser would not say which page a form comes from
    "Cross-Origin-Opener-Policy": "same-origin",
    "Cross-Origin-Resource-Policy": "same-origin",
    "Permissions-Policy": "camera=(), geolocation=(), microphone=()",
    "Cache-Control": "no-store",
}
SECURE: Final[Mapping[str, str]] = {"Strict-Transport-Security": "max-age=31536000"}
"""Besides, where the way is encrypted."""


def is_our_host(host: str, names: frozenset[str], port: int, *, secure: bool) -> bool:
    """Whether a Host header names this server: a name that was pointed here by somebody else's DNS does not."""
    try:
        split = urlsplit(f"//{host}")
        named, asked = split.hostname or "", split.port
    except ValueError:
        return False
    return named in names and (asked or (443 if secure else 80)) == port and split.username is None


def is_our_origin(origin: str, host: str, *, secure: bool) -> bool:
    """Whether a page of this very server sends the request; a browser says so in every form and every socket."""
    return origin == f"{'https' if secure else 'http'}://{host}"
