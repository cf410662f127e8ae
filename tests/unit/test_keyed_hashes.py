"""The keys that stand for people are HMAC-SHA256 and nothing of our own invention."""

import hashlib
import hmac

import pytest

from learning_warehouse.keys import email_key, identity_key


@pytest.mark.parametrize("secret", [b"a secret of some length", b"k" * 64, b"longer than one block of the hash " * 3])
@pytest.mark.parametrize("text", ["7", "né 1", ""])
def test_a_key_is_the_standard_keyed_hash_cut_to_32_characters(secret, text):
    def standard(said: str) -> str:
        return hmac.new(secret, said.encode(), hashlib.sha256).hexdigest()[:32]

    assert identity_key(secret, "absorb.users", text) == standard(f"absorb.users:{text}")
    assert email_key(secret, text) == standard(f"email:{text}")
