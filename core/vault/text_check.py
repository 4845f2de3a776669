"""Texts and tables: UTF-8, and nothing that a browser or a shell would run. Pure."""

import re

from core.vault.looks import HEAD, markup_in
from core.vault.upload_refusals import NotUtf8, RunsCode

_CONTROLS = re.compile(rb"[\x00-\x08\x0b\x0e-\x1f\x7f]")
_OTHER_UNICODE = (b"\xff\xfe", b"\xfe\xff")
_DDE = re.compile(rb"""(?:^|[\r\n,;\t"'])\s*[=+\-@][^\r\n,;|]{0,200}\|[^\r\n!]{0,500}!""")
"""A cell that asks a spreadsheet to start a program."""


def is_text(data: bytes) -> bool:
    """Whether this is plain text in UTF-8, in any script.

    Raises:
        NotUtf8: it is text, but in another encoding.
        RunsCode: a spreadsheet would start a program from it.
    """
    if data.startswith(_OTHER_UNICODE):
        raise NotUtf8
    if _CONTROLS.search(data) or markup_in(data[:HEAD]) or data.startswith(b"#!"):
        return False
    try:
        data.decode("utf-8-sig")
    except UnicodeDecodeError:
        raise NotUtf8 from None
    if _DDE.search(data):
        raise RunsCode(what="a formula that starts a program")
    return True
