"""What the Python peers share: the task as files, and the line protocol with bench/peers.ts.

in:  a line "<steps>": take so many EM steps from the start
out: a line of JSON, "error" in it or: seconds by the clock and of all threads, mean log-likelihood before the last step, bytes resident at most beyond the
     points themselves
"""

import json
import os
import resource
import sys
import time
from pathlib import Path

import numpy as np


class Task:
    """The same points and the same start for every system."""

    def __init__(self, folder, threads):
        load = lambda name: np.load(Path(folder) / f"{name}.npy")
        self.points = load("points")
        self.weights = load("weights")
        self.means = load("means")
        self.covariances = load("covariances")
        self.covariance_type = (Path(folder) / "covariance-type").read_text()
        self.threads = threads

    @property
    def components(self):
        return len(self.weights)


def serve(versions, prepare):
    """prepare(task) gives a function: steps -> mean log-likelihood before the last step."""
    task = Task(sys.argv[1], int(sys.argv[2]))
    run = prepare(task)
    base = restart_peak()
    tell({"versions": {"python": sys.version.split()[0], **versions}})
    for line in sys.stdin:
        start, cpu = time.perf_counter(), time.process_time()
        try:
            log_likelihood = run(int(line))
        except Exception as error:
            tell({"error": str(error)})
            continue
        times = {"seconds": time.perf_counter() - start, "cpuSeconds": time.process_time() - cpu}
        tell({**times, "logLikelihood": float(log_likelihood), "memory": peak_memory() - base})


def tell(answer):
    print(json.dumps(answer), flush=True)


def restart_peak():
    """What is resident now; the peak counts from here where the system can do that (Linux)."""
    try:
        Path("/proc/self/clear_refs").write_text("5")
    except OSError:
        pass  # elsewhere the peak stays that of the whole process
    return peak_memory()


def peak_memory():
    """Most that has been resident, bytes."""
    if os.path.exists("/proc/self/status"):
        lines = Path("/proc/self/status").read_text().splitlines()
        return next(int(line.split()[1]) * 1024 for line in lines if line.startswith("VmHWM"))
    return resource.getrusage(resource.RUSAGE_SELF).ru_maxrss
