"""The cipher of notices."""

import pytest

from aipx.errors import BadPeerData
from aipx.wire.kis.crypto import AesKey, decrypt, encrypt
from tests.support.kis_wire import IV_TEXT, KEY_TEXT

KEY = AesKey(key=KEY_TEXT, iv=IV_TEXT)
PLAIN = (
    "TESTID01^1234567801^0000000002^^02^0^00^0^005930^0000000003^000070100^100001^0^2^2^06010"
    "^000000010^TESTACCT^000000000^1^N^   ^00^^SAMSUNG^000070100"
)
SECRET = (
    "wZcyuAMhFc3aszMsk1LVOfqFybA6bcQqrxo3Zr7rC5tA+Eefgr5UZxTd9PsbuNf7MrXEaxT7RufqOtyUkVQmL+GLxPq3"
    "YvYlfdrtCGqfUOFKKyD0JiJD+u0uMeHhCG+9zvbQOuyfd0MIz3mVhAtG1zgw2dKt8cHe8gqakWqk8cNcqr1nHQujoJyP"
    "Ip1oQpYbw939cgohooL/vipOIfxHcw=="
)


def test_documented_text_is_encrypted_as_documented() -> None:
    assert encrypt(PLAIN, KEY) == SECRET


def test_documented_secret_is_decrypted_as_documented() -> None:
    assert decrypt(SECRET, KEY) == PLAIN


def test_korean_text_survives() -> None:
    assert decrypt(encrypt("삼성전자", KEY), KEY) == "삼성전자"


@pytest.mark.parametrize("text", ["", "AAAA", SECRET[:-4], "내용", SECRET.replace("w", "!")])
def test_broken_secret_is_bad_peer_data(text: str) -> None:
    with pytest.raises(BadPeerData):
        decrypt(text, KEY)


def test_secret_of_another_key_is_bad_peer_data() -> None:
    with pytest.raises(BadPeerData):
        decrypt(SECRET, AesKey(key=KEY_TEXT[::-1], iv=IV_TEXT))


@pytest.mark.parametrize(("key", "iv"), [("short", IV_TEXT), (KEY_TEXT, ""), ("키" * 32, IV_TEXT)])
def test_key_of_wrong_length_is_refused_and_not_shown(key: str, iv: str) -> None:
    with pytest.raises(BadPeerData) as raised:
        AesKey(key=key, iv=iv)

    assert key not in str(raised.value)


def test_key_is_not_shown() -> None:
    assert KEY_TEXT not in repr(KEY)
