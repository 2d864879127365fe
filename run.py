#!/usr/bin/env python3
"""Set spatialreg up in a virtual environment of its own, and run it.

    python3 run.py demo     the embedded China study, into ./spatialreg-demo
    python3 run.py test     style, types, tests and doctests
    python3 run.py ...      any other command of spatialreg: init, check, run, data, version

Needs Python 3.11 to 3.13 with its venv module, and nothing else. The environment stands in .venv
beside this file; it is made once and again only when the declared dependencies change.
"""

from __future__ import annotations

import hashlib
import os
import shutil
import subprocess
import sys
import time
import venv
from pathlib import Path

ROOT = Path(__file__).resolve().parent
ENVIRONMENT = Path(os.environ.get("SPATIALREG_VENV", ROOT / ".venv"))
BIN = ENVIRONMENT / ("Scripts" if os.name == "nt" else "bin")
PYTHON = BIN / ("python.exe" if os.name == "nt" else "python")
EXTRAS = {"demo": "china", "test": "china,gtfs,osm,test,docs,notebook"}
CHECKS = (
    ("style", ["-m", "ruff", "check", "."]),
    ("format", ["-m", "ruff", "format", "--check", "."]),
    ("types", ["-m", "mypy"]),
    ("tests", ["-m", "pytest"]),
)


def constraints() -> Path:
    """Give the file of tested versions for the running Python."""
    version = f"{sys.version_info.major}.{sys.version_info.minor}"
    path = ROOT / "constraints" / f"python{version}.txt"
    if not path.exists():
        sys.exit(
            f"spatialreg is tested on Python 3.11 to 3.13, and this is Python {version}: "
            "call run.py with one of those"
        )
    return path


def set_up(extras: str) -> None:
    """Make the environment if it is absent, broken or older than the declared dependencies."""
    declared = (ROOT / "pyproject.toml").read_bytes() + constraints().read_bytes()
    wanted = hashlib.sha256(declared + str(ROOT).encode() + sys.version.encode()).hexdigest()
    stamp = ENVIRONMENT / "spatialreg-extras.txt"
    have = stamp.read_text().split() if stamp.exists() and PYTHON.exists() else []
    if have[:1] == [wanted] and set(extras.split(",")) <= set(have[1:]):
        return
    start = time.monotonic()
    print(f"setting up {ENVIRONMENT} (once; a minute or two)", flush=True)
    if have[:1] != [wanted]:
        shutil.rmtree(ENVIRONMENT, ignore_errors=True)
        try:
            venv.create(ENVIRONMENT, with_pip=True)
        except (subprocess.CalledProcessError, OSError) as error:
            sys.exit(f"the venv module does not work here ({error}): apt install python3-venv")
    stamp.unlink(missing_ok=True)
    install = [str(PYTHON), "-m", "pip", "install", "--quiet", "--disable-pip-version-check"]
    target = f"{ROOT}[{extras}]"
    done = subprocess.run([*install, "--constraint", str(constraints()), "--editable", target])
    if done.returncode:
        sys.exit("pip could not install the dependencies: see its message above, then call again")
    stamp.write_text("\n".join([wanted, *sorted({*have[1:], *extras.split(",")})]))
    print(f"set up in {time.monotonic() - start:.0f} s", flush=True)


def test(arguments: list[str]) -> int:
    """Run every check, or pytest alone with the arguments given; say which failed."""
    if arguments:
        return subprocess.run([str(PYTHON), "-m", "pytest", *arguments], cwd=ROOT).returncode
    failed = []
    for name, command in CHECKS:
        print(f"--- {name}", flush=True)
        if subprocess.run([str(PYTHON), *command], cwd=ROOT).returncode:
            failed.append(name)
    print(f"failed: {', '.join(failed)}" if failed else "all checks passed", flush=True)
    return 1 if failed else 0


def main() -> int:
    """Read the command, set up what it needs, run it."""
    if len(sys.argv) < 2 or sys.argv[1] in ("-h", "--help"):
        print(__doc__)
        return 0 if len(sys.argv) > 1 else 2
    if not (3, 11) <= sys.version_info[:2] <= (3, 13):
        sys.exit(f"spatialreg needs Python 3.11 to 3.13, and this is {sys.version.split()[0]}")
    command, arguments = sys.argv[1], sys.argv[2:]
    set_up(EXTRAS.get(command, "china"))
    if command == "test":
        return test(arguments)
    return subprocess.run([str(PYTHON), "-m", "spatialreg", command, *arguments]).returncode


if __name__ == "__main__":
    sys.exit(main())
