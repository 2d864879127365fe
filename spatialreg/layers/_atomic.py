"""Files that appear at once: written in a folder beside their place, then moved into it."""

from __future__ import annotations

import os
import tempfile
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

from ..errors import InputError


@contextmanager
def beside(target: Path) -> Iterator[Path]:
    """Give a path of the same name in a hidden folder beside `target`; move it there at the end.

    All files of the hidden folder are moved, so that a format of several files arrives whole; the
    one named like `target` comes last. An error leaves the old files as they were.

    Raises
    ------
    InputError
        `target` is a folder.
    """
    if target.is_dir():
        raise InputError(f"{target} is a folder: give the name of a file")
    target.parent.mkdir(parents=True, exist_ok=True)
    with tempfile.TemporaryDirectory(dir=target.parent, prefix=f".{target.stem}-") as folder:
        fresh = Path(folder) / target.name
        yield fresh
        for written in sorted(Path(folder).iterdir(), key=lambda path: path == fresh):
            with written.open("rb+") as file:
                os.fsync(file.fileno())
            os.replace(written, target.parent / written.name)
