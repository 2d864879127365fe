"""What all benchmarks share: peers in one run, alternating, medians, and ratios beside times.

A time by itself says little on another machine, or on this one while something else runs. So all
peers of a job are timed in turn, round after round, and what counts is the ratio of their medians.
Each is called once before, so that compiled code is loaded and caches are filled. A call is the
whole public call, with all that it does to its inputs.
"""

from __future__ import annotations

import ctypes
import gc
import importlib.metadata
import os
import platform
import statistics
import sys
import time
from collections.abc import Callable, Mapping
from pathlib import Path
from typing import Any

import pyarrow


def medians(calls: Mapping[str, Callable[[], Any]], rounds: int) -> dict[str, float]:
    """Time each call once a round, after one round that does not count; medians in seconds."""
    for call in calls.values():
        call()
    times: dict[str, list[float]] = {name: [] for name in calls}
    for _ in range(rounds):
        for name, call in calls.items():
            begin = time.perf_counter()
            call()
            times[name].append(time.perf_counter() - begin)
    return {name: statistics.median(values) for name, values in times.items()}


def written(seconds: float) -> str:
    return f"{seconds * 1e3:,.1f} ms" if seconds < 1 else f"{seconds:,.2f} s"


def table(rows: list[tuple[str, ...]], *header: str) -> str:
    lines = [header, tuple("---" for _ in header), *rows]
    return "\n".join("| " + " | ".join(line) + " |" for line in lines)


def ratios(job: str, times: Mapping[str, float], ours: str, targets: Mapping[str, float]) -> list:
    """Give a row for each peer: its time, ours, how many times as long it takes, the target."""
    rows = []
    for peer, seconds in times.items():
        if peer != ours:
            target = f"{targets[peer]:g} x" if peer in targets else ""
            ratio = f"{seconds / times[ours]:,.1f} x"
            rows.append((job, peer, written(seconds), written(times[ours]), ratio, target))
    return rows


HEADER = ("job", "peer", "peer's time", "ours", "ratio", "to reach")


def machine(*packages: str) -> str:
    """Name the machine and the versions that a table was made with."""
    versions = ", ".join(f"{name} {importlib.metadata.version(name)}" for name in packages)
    return (
        f"{os.cpu_count()} processors, {platform.machine()}, {platform.system()}; "
        f"Python {platform.python_version()}; {versions}; load {os.getloadavg()[0]:.1f} at the end"
    )


def peak_memory(call: Callable[[], Any]) -> tuple[float, float]:
    """Run `call`; give its seconds, and by how many MB it raised the memory of this process.

    Only where the kernel lets a process set its high-water mark back (Linux); else NaN.
    """
    status = Path("/proc/self/status")

    def read(field: str) -> float:
        line = next(line for line in status.read_text().splitlines() if line.startswith(field))
        return int(line.split()[1]) / 1024

    if sys.platform == "linux":
        # memory that earlier calls have given back may still be held for the next one
        gc.collect()
        pyarrow.default_memory_pool().release_unused()
        ctypes.CDLL("libc.so.6").malloc_trim(0)
        Path("/proc/self/clear_refs").write_text("5")
        before = read("VmRSS")
    begin = time.perf_counter()
    result = call()
    seconds = time.perf_counter() - begin
    grown = read("VmHWM") - before if sys.platform == "linux" else float("nan")
    del result
    return seconds, grown
