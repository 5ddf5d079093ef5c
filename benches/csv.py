#!/usr/bin/env python3
"""Time and memory of reading large CSV files, beside pandas and polars.

    cargo build --release
    pip install pandas polars
    python benches/csv.py [--small] [target/release/gradlab]

Writes two files of random numbers into a temporary folder, 100,000 rows × 1,000 columns and 1,000,000
rows × 20 (a tenth of the rows with --small), and reads each by

* pandas.read_csv and polars.read_csv, whose features are then standardised with numpy,
* `gradlab run` of one step of a linear network, which reads, splits and standardises,
* `gradlab data`, which only looks at the columns,

each in a process of its own. Printed are the seconds, the peak of the resident memory, and both as
multiples of pandas' and polars'.
"""

import os
import subprocess
import sys
import tempfile
import time
from pathlib import Path

READ = {
    "pandas": "import pandas as p; x = p.read_csv(f).to_numpy()",
    "polars": "import polars as p; x = p.read_csv(f).to_numpy()",
}
STANDARDISE = "x = x[:, :-1]; x = (x - x.mean(0)) / x.std(0)"


def write(path: Path, rows: int, columns: int) -> None:
    """Random numbers with four decimals; the last column is the target."""
    import numpy as np

    random = np.random.default_rng(1)
    with path.open("w") as out:
        out.write(",".join([f"x{i}" for i in range(columns - 1)] + ["y"]) + "\n")
        left = rows
        while left:
            count = min(left, 5_000)
            np.savetxt(out, random.normal(size=(count, columns)), fmt="%.4f", delimiter=",")
            left -= count


def measure(command: list[str], cwd: Path) -> tuple[float, float]:
    """Seconds and peak memory in GB of a command."""
    start = time.perf_counter()
    with open(os.devnull, "w") as nowhere:
        process = subprocess.Popen(command, cwd=cwd, stdout=nowhere, stderr=nowhere)
        _, status, usage = os.wait4(process.pid, 0)
    if status:
        sys.exit(f"{command[0]} failed: {status}")
    return time.perf_counter() - start, usage.ru_maxrss / 2**20


def main() -> None:
    small = "--small" in sys.argv
    rest = [argument for argument in sys.argv[1:] if argument != "--small"]
    gradlab = str(Path(rest[0] if rest else "target/release/gradlab").resolve())
    with tempfile.TemporaryDirectory() as folder:
        for rows, columns in [(100_000, 1_000), (1_000_000, 20)]:
            rows = rows // 10 if small else rows
            path = Path(folder, "big.csv")
            write(path, rows, columns)
            print(f"{rows:,} rows × {columns:,} columns, {path.stat().st_size / 2**20:.0f} MB")
            found = {}
            for name, code in READ.items():
                script = f"f = 'big.csv'; {code}; {STANDARDISE}"
                found[name] = measure([sys.executable, "-c", script], Path(folder))
            train = ["run", "csv=big.csv,target=y/1-identity", "--steps", "1"]
            found["gradlab run"] = measure([gradlab, *train], Path(folder))
            found["gradlab data"] = measure([gradlab, "data", "big.csv", "--target", "y"], Path(folder))
            for name, (seconds, memory) in found.items():
                beside = "".join(
                    f"   {seconds / found[other][0]:.2f} × the time and "
                    f"{memory / found[other][1]:.2f} × the memory of {other}"
                    for other in READ
                    if name.startswith("gradlab")
                )
                print(f"  {name:13}{seconds:7.1f} s {memory:6.2f} GB{beside}")


if __name__ == "__main__":
    main()
