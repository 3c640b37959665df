"""Reads what a stranger sent: bytes into a message, or a refusal that names the rule."""

from google.protobuf.message import DecodeError, Message

from node.errors import TrustRefused


def read(message: Message, serialised: bytes, refusal: type[TrustRefused], *, most: int | None = None) -> None:
    """Fill the message; unknown fields are passed over.

    Raises:
        TrustRefused: of the given kind, rule "size" or "encoding".
    """
    if most is not None and len(serialised) > most:
        raise refusal(rule="size", bytes=len(serialised), most=most)
    try:
        message.ParseFromString(serialised)
    except DecodeError as error:
        raise refusal(rule="encoding") from error


def require(rules: dict[str, bool], refusal: type[TrustRefused], **details: str | int) -> None:
    """Every rule must hold.

    Raises:
        TrustRefused: of the given kind, with the first rule that does not.
    """
    broken = next((name for name, held in rules.items() if not held), None)
    if broken:
        raise refusal(rule=broken, **details)
