"""A QR code as rows of dark modules."""

import segno


def rows(text: str) -> list[list[int]]:
    """One list of 0 and 1 for each row, without the quiet zone."""
    return [list(row) for row in segno.make(text, error="m", micro=False).matrix]
