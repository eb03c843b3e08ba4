"""Names of character sets that the web claims."""

from __future__ import annotations

import pytest

from casereviews.repository.charsets import charset

NO_TEXT = ["rot13", "base64", "zip", "zlib", "bz2", "hex", "quopri", "uu", "idna", "punycode", "undefined", "unicode_escape", "raw_unicode_escape", "utf-7", "mbcs", "oem", "", " ", "é", "a\0b", "x" * 9999, "none-such"]  # fmt: skip


@pytest.mark.parametrize("name", NO_TEXT)
def test_a_name_that_is_no_set_of_a_text_is_not_followed(name: str) -> None:
    assert charset(name) is None


@pytest.mark.parametrize(
    ("name", "known"),
    [
        ("UTF-8", "utf-8"), ("utf-16le", "utf-16-le"), ("latin1", "cp1252"), ("US-ASCII", "cp1252"), ("windows-1251", "cp1251"),
        ("ISO-8859-15", "iso8859-15"), ("'Shift_JIS'", "shift_jis"), ("macintosh", "mac-roman"),
    ],
)  # fmt: skip
def test_sets_of_texts_are_followed_as_browsers_do(name: str, known: str) -> None:
    assert charset(name) == known
