"""Names under which the ledger, encrypted as it is, keeps the node's own secrets."""

from typing import Final

NODE_SEED: Final = "node-seed"
BOX_SECRET: Final = "box-secret"  # noqa: S105 -- a name, not a secret
ORGANISATION_BOX: Final = "organisation-box"
TLS_CERTIFICATE: Final = "tls-certificate"
TLS_KEY: Final = "tls-key"
CERTIFICATE: Final = "certificate"
"""The node's own certificate, signed by its organisation."""

ROSTER: Final = "roster"
"""The signed roster this node goes by."""

PIN_RECOVERED: Final = "pin-recovered"
"""Whose PIN was given anew by who has the store's key, until somebody has acknowledged it; empty afterwards."""

DRILL: Final = "drill"
"""Under this name the settings keep whether the node was made for drills: "yes" or "no"; nodes made before know it by
their roster alone."""

CODES: Final = "enrolment-codes"
"""What is left of one-time codes: hashes, never codes."""

RECOVERY_KEY: Final = "recovery-key"
"""Public half of the key whose private half stands on paper."""

BACKUP_VERIFIED: Final = "backup-verified-ms"
"""Under this name the settings keep of when the last backup is that was read back whole."""

RESTORED_FROM: Final = "restored-from-ms"
"""The same of when the backup was from which this node was put back."""
