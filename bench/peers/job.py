"""What the jobs share: a .npy file in, one line of JSON out.

in:  arguments: file, components, threads, seed
out: seconds from reading the file to the model, imports not counted; mean log-likelihood; iterations
"""

import json
import sys
import time

import numpy as np


def serve(fit):
    """fit(points, components, threads, seed) gives the mean log-likelihood and the number of iterations."""
    file, components, threads, seed = sys.argv[1], *map(int, sys.argv[2:5])
    start = time.perf_counter()
    log_likelihood, iterations = fit(np.load(file), components, threads, seed)
    seconds = time.perf_counter() - start
    print(json.dumps({"seconds": seconds, "logLikelihood": float(log_likelihood), "iterations": int(iterations)}))
