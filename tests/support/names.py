"""Names that no other test uses, on a control plane that all of them share."""

import secrets

__all__ = ["fresh_name"]


def fresh_name(stem: str = "t") -> str:
    return f"{stem}-{secrets.token_hex(5)}"
