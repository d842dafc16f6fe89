"""How Kuaidi100 and we prove to each other who is speaking: MD5 over the exact text sent."""

import hashlib
import hmac


def query_sign(param: str, *, key: str, customer: str) -> str:
    """Sign a question; `param` is the JSON text exactly as it goes out."""
    return _upper_md5(param + key + customer)


def callback_sign(param: str, salt: str) -> str:
    """Sign a pushed trace with the salt given when subscribing."""
    return _upper_md5(param + salt)


def genuine(param: str, sign: str, *, salt: str) -> bool:
    """Whether a pushed trace was signed with our salt; false when no salt is set.

    Compared in constant time; letter case of the signature does not count.
    """
    if not salt:
        return False
    ours = callback_sign(param, salt)
    return hmac.compare_digest(ours.encode(), sign.strip().upper().encode())


def _upper_md5(text: str) -> str:
    # The contract says MD5; it is no choice of ours.
    return hashlib.md5(text.encode(), usedforsecurity=False).hexdigest().upper()
