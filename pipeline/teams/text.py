"""Text of unknown encoding: what Teams writes, and what it is saved again as."""

from __future__ import annotations

from charset_normalizer import from_bytes


def text_of(data: bytes) -> str:
    """Text of unknown encoding. Raises ValueError when the bytes are no text."""
    for mark, encoding in ((b"\xff\xfe", "utf-16"), (b"\xfe\xff", "utf-16"), (b"\xef\xbb\xbf", "utf-8-sig")):
        if data.startswith(mark):
            return data.decode(encoding, errors="replace")
    if b"\x00" in data[:4096]:
        raise ValueError("binary data")
    try:
        return data.decode("utf-8")
    except UnicodeDecodeError:
        best = from_bytes(data, cp_isolation=["cp1252", "latin_1", "mac_roman", "cp850"]).best()
        if best is None:
            raise ValueError("unknown encoding") from None
        return str(best)
