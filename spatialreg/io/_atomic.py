"""Writing so that an interrupted run leaves the old file whole."""

from __future__ import annotations

import os
import secrets
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

from ..errors import InputError


@contextmanager
def replacing(path: str | os.PathLike[str]) -> Iterator[Path]:
    """Write a file beside its place and move it there when the block ends well.

    Parameters
    ----------
    path : str or path
        The file to write; folders above it are made.

    Yields
    ------
    Path
        A fresh name in the same folder, with the same suffix. If the block raises, what it wrote is
        taken away and the file at `path` stays as it was.

    Raises
    ------
    InputError
        `path` is a folder, or the block wrote nothing.

    Examples
    --------
    >>> import tempfile, pathlib
    >>> from spatialreg import io
    >>> target = pathlib.Path(tempfile.mkdtemp()) / "note.txt"
    >>> with io.replacing(target) as fresh:
    ...     _ = fresh.write_text("whole", encoding="utf-8")
    >>> target.read_text(encoding="utf-8")
    'whole'
    """
    # a link is followed, so that it goes on pointing where it did
    target = Path(path).resolve()
    if target.is_dir():
        raise InputError(f"{path} is a folder: give the name of a file in it")
    target.parent.mkdir(parents=True, exist_ok=True)
    fresh = target.with_name(f".{target.stem[:100]}.{secrets.token_hex(4)}{target.suffix}")
    try:
        yield fresh
        if not fresh.is_file():
            raise InputError(f"nothing was written for {path}: write to the name that is given")
        _flush(fresh)
        fresh.replace(target)
        _flush_folder(target.parent)
    finally:
        # the file itself, if it was not moved, and what drivers put beside it (-wal, -journal)
        for left in target.parent.glob(f"{fresh.name}*"):
            left.unlink(missing_ok=True)


def _flush(path: Path) -> None:
    with path.open("rb+") as file:
        os.fsync(file.fileno())


def _flush_folder(folder: Path) -> None:
    """Make the move itself durable, where the system lets a folder be opened."""
    try:
        descriptor = os.open(folder, os.O_RDONLY)
    except OSError:  # Windows
        return
    try:
        os.fsync(descriptor)
    except OSError:  # some network file systems
        return
    finally:
        os.close(descriptor)
