"""Which encoding a text is in: UTF-8, or GB18030 as Chinese offices write, by strict decoding."""

from __future__ import annotations

import codecs
import unicodedata
from collections.abc import Iterable

from ..errors import InputError

_MARKS = (
    (codecs.BOM_UTF8, "utf-8-sig"),
    (codecs.BOM_UTF16_LE, "utf-16"),
    (codecs.BOM_UTF16_BE, "utf-16"),
)
# of the characters that are not ASCII, at least this share must be everyday Chinese (GB 2312)
_EVERYDAY = 0.8


def decode(data: bytes, encoding: str | None, what: str) -> tuple[str, str]:
    """Give the text and the name of its encoding.

    UTF-8 is recognised because other encodings hardly ever pass as it. GB18030 accepts nearly any
    bytes, so its result must also look like Chinese: bytes of a Western code page come out as
    characters that nobody writes.

    Raises
    ------
    InputError
        The text is in neither, or not in the `encoding` that is given.
    """
    if encoding is not None:
        try:
            return data.decode(encoding), encoding
        except (UnicodeDecodeError, LookupError) as error:
            raise InputError(
                f"{what} is not in the encoding {encoding!r} ({error}): leave encoding= out to "
                "have it detected"
            ) from error
    for mark, name in _MARKS:
        if data.startswith(mark):
            return data.decode(name), name
    detected = detect([data])
    if detected is None:
        raise InputError(
            f"{what} is neither in UTF-8 nor in GB18030: give its encoding=, for example 'big5', "
            "'cp1252' or 'latin-1'"
        )
    return data.decode(detected), detected


def detect(pieces: Iterable[bytes]) -> str | None:
    """Give ``"utf-8"`` or ``"gb18030"``, whichever all pieces are in, or None."""
    listed = [piece for piece in pieces if not piece.isascii()]
    utf8, chinese = _joined(listed, "utf-8"), _joined(listed, "gb18030")
    plausible = chinese is not None and _looks_chinese(chinese)
    if utf8 is not None and not (plausible and _is_accident(utf8)):
        return "utf-8"
    return "gb18030" if plausible else None


def _joined(pieces: list[bytes], encoding: str) -> str | None:
    try:
        return "".join(piece.decode(encoding) for piece in pieces)
    except UnicodeDecodeError:
        return None


def _looks_chinese(text: str) -> bool:
    foreign = [character for character in text if not character.isascii()]
    everyday = len("".join(foreign).encode("gb2312", errors="ignore")) / 2
    return everyday >= _EVERYDAY * len(foreign)


def _is_accident(text: str) -> bool:
    """Say whether UTF-8 fits by accident: a few characters, of phonetics or of several scripts.

    The two bytes of 省 in GB18030 are the letter ʡ in UTF-8, and a short table may have no others.
    """
    letters = {character for character in text if character.isalpha() and not character.isascii()}
    if any(ord(letter) > 0x7FF for letter in letters):
        return False
    scripts = {unicodedata.name(letter, "").split(" ")[0] for letter in letters}
    phonetic = any(0x250 <= ord(letter) <= 0x2AF for letter in letters)
    return phonetic or len(scripts - {"MODIFIER"}) > 1
