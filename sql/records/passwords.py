"""Passwords as argon2id hashes; what is checked against no account takes as long as what is checked against one."""

import secrets
from functools import cache

from argon2 import PasswordHasher
from argon2.exceptions import InvalidHashError, VerificationError

INITIAL_LETTERS = "abcdefghjkmnpqrstuvwxyz23456789"  # without letters and digits that look alike in print
INITIAL_LENGTH = 12
SHORTEST, LONGEST = 10, 200
_HASHER = PasswordHasher()  # RFC 9106, second recommendation: 64 MiB, 3 passes


def hash_password(password: str) -> str:
    """The argon2id hash with its parameters and a salt of its own."""
    return _HASHER.hash(password)


def is_password(password: str, password_hash: str | None) -> bool:
    """Whether a password fits a hash; with no hash the same work is done and the answer is no."""
    try:
        return _HASHER.verify(password_hash or _hash_of_nobody(), password[: LONGEST + 1]) and password_hash is not None
    except (VerificationError, InvalidHashError):
        return False


def initial_password() -> str:
    """A random password to hand over once, about 59 bits."""
    return "".join(secrets.choice(INITIAL_LETTERS) for _ in range(INITIAL_LENGTH))


def weakness(password: str, login: str) -> str | None:
    """What makes a new password unfit, in Chinese; None for a fit one."""
    if len(password) < SHORTEST:
        return f"新密码至少 {SHORTEST} 个字符。"
    if len(password) > LONGEST:
        return f"新密码最多 {LONGEST} 个字符。"
    kinds = (str.isdigit, str.isalpha, lambda one: not one.isalnum())
    if sum(any(map(kind, password)) for kind in kinds) < 2:
        return "新密码须含字母、数字、符号中的至少两种。"
    if login.lower() in password.lower():
        return "新密码不能含有登录名。"
    if len(set(password)) < SHORTEST // 2:
        return f"新密码须有至少 {SHORTEST // 2} 个不同的字符。"
    return None


@cache
def _hash_of_nobody() -> str:
    return hash_password(secrets.token_hex())
