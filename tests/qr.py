"""Whether a page shows a QR code: looked for in its picture, square by square."""

import re
import subprocess

import numpy as np
import numpy.typing as npt
import segno

DOTS_PER_INCH, MILLIMETRES_PER_INCH = 300, 25.4


def picture(pdf: bytes) -> npt.NDArray[np.bool_]:
    """The first page of a PDF as rows of dots, true where it is dark."""
    made = ["pdftoppm", "-gray", "-r", str(DOTS_PER_INCH), "-singlefile", "-"]
    pgm = subprocess.run(made, input=pdf, capture_output=True, check=True).stdout
    size = re.match(rb"P5\s(\d+)\s(\d+)\s255\s", pgm)
    assert size, "pdftoppm draws no picture of this"
    width, height = int(size[1]), int(size[2])
    return np.frombuffer(pgm[-width * height :], np.uint8).reshape(height, width) < 128


def shows(pdf: bytes, address: str, *, millimetres: float) -> bool:
    """Whether the QR code of an address stands on the first page, so wide: at some place each square of it fits."""
    squares = np.array(segno.make(address, error="m", micro=False).matrix) > 0
    dots = millimetres / MILLIMETRES_PER_INCH * DOTS_PER_INCH
    middles = ((np.arange(len(squares)) + 0.5) * dots / len(squares)).astype(int)
    dark = picture(pdf)
    high, wide = dark.shape
    tops, lefts = np.mgrid[0 : high - int(dots), 0 : wide - int(dots)].reshape(2, -1)
    for row, column in np.ndindex(squares.shape):
        fits = dark[tops + middles[row], lefts + middles[column]] == squares[row, column]
        tops, lefts = tops[fits], lefts[fits]
    return bool(len(tops))
