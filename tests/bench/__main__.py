"""``python -m tests.bench [NAME ...]``: run the benches, print their tables, keep them in ``bench-results``."""

import importlib
import json
import os
import platform
import sys
import time
from pathlib import Path

BENCHES = {
    "throughput": "values a second against python-OBD, and on ISO-TP (6 min)",
    "screen": "wire to pixels, frame intervals, stalls (2 min)",
    "trends": "a frame of the trends against pyqtgraph (1 min)",
    "spoilt": "a million replies with one in a hundred spoilt (4 min)",
    "records": "one change, catching up 100,000 operations, bytes, memory, seeding (3 min)",
    "floor": "board, profiles, search, scrolling at 100,000 orders (2 min; the first time 15 more)",
    "crdt": "the same edits in pycrdt (2 min)",
}


def main(names: list[str]) -> int:
    unknown = [name for name in names if name not in BENCHES]
    if unknown:
        print(
            f"There is no bench {', '.join(unknown)}. There are:",
            *(f"  {n}: {w}" for n, w in BENCHES.items()),
            sep="\n",
        )
        return 2
    os.environ.setdefault("QT_QPA_PLATFORM", "offscreen")
    folder = Path("bench-results")
    folder.mkdir(exist_ok=True)
    for name in names or BENCHES:
        print(f"== {name}: {BENCHES[name]}", flush=True)
        found = importlib.import_module(f"tests.bench.{name}").run()
        about = {"at": time.strftime("%Y-%m-%dT%H:%M:%SZ", time.gmtime()), "python": platform.python_version()}
        (folder / f"{name}.json").write_text(json.dumps({**about, "cores": os.cpu_count(), "found": found}, indent=1))
    return 0


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
