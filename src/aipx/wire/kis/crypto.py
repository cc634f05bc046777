"""The cipher of KIS's notices: AES-256-CBC, PKCS#7 padding, Base64 text.

Source: KIS portal, real-time notice; key and iv are the UTF-8 text of the registration's answer.
"""

import binascii
from base64 import b64decode, b64encode

import msgspec
from cryptography.hazmat.primitives.ciphers import Cipher
from cryptography.hazmat.primitives.ciphers.algorithms import AES256
from cryptography.hazmat.primitives.ciphers.modes import CBC
from cryptography.hazmat.primitives.padding import PKCS7

from aipx.errors import BadPeerData

KEY_BYTES = 32
IV_BYTES = 16
_BLOCK_BITS = 128


class AesKey(msgspec.Struct, frozen=True, kw_only=True):
    """Key and initial vector of one registration, as text."""

    key: str
    iv: str

    def __post_init__(self) -> None:
        """Refuse what cannot be a key.

        Raises:
            BadPeerData: wrong lengths. The values are not shown: they are secrets.
        """
        is_ascii = self.key.isascii() and self.iv.isascii()
        if not is_ascii or (len(self.key), len(self.iv)) != (KEY_BYTES, IV_BYTES):
            raise BadPeerData(
                f"AES key has {len(self.key)} and iv {len(self.iv)} characters, "
                f"must be {KEY_BYTES} and {IV_BYTES}, all ASCII"
            )

    def __repr__(self) -> str:
        return "AesKey(…)"


def encrypt(plain: str, key: AesKey) -> str:
    """Return the Base64 text of the encrypted plain text."""
    padder = PKCS7(_BLOCK_BITS).padder()
    padded = padder.update(plain.encode()) + padder.finalize()
    encryptor = _cipher(key).encryptor()
    return b64encode(encryptor.update(padded) + encryptor.finalize()).decode("ascii")


def decrypt(text: str, key: AesKey) -> str:
    """Return the plain text.

    Raises:
        BadPeerData: no Base64, no whole blocks, wrong padding or no UTF-8: mostly an old key.
    """
    try:
        blocks = b64decode(text, validate=True)
        decryptor = _cipher(key).decryptor()
        padded = decryptor.update(blocks) + decryptor.finalize()
        unpadder = PKCS7(_BLOCK_BITS).unpadder()
        return (unpadder.update(padded) + unpadder.finalize()).decode()
    except (binascii.Error, ValueError) as error:
        raise BadPeerData(f"encrypted payload of {len(text)} characters: {error}") from error


def _cipher(key: AesKey) -> Cipher[CBC]:
    return Cipher(AES256(key.key.encode()), CBC(key.iv.encode()))
