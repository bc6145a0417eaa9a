"""Fits wide and short data with scikit-learn's defaults, and scores a mixture of emix by numpy alone.

arguments: folder with points.npy, weights.npy, means.npy, covariances.npy; components; covariance type
"""

import json
import sys
import time
import warnings
from pathlib import Path

import numpy as np
from sklearn.exceptions import ConvergenceWarning
from sklearn.mixture import GaussianMixture

warnings.simplefilter("ignore", ConvergenceWarning)


def score(points, weights, means, covariances):
    """The mean log-likelihood, by an eigenvalue decomposition of every covariance."""
    joint = []
    for weight, mean, covariance in zip(weights, means, covariances):
        values, vectors = np.linalg.eigh(covariance)
        whitened = (points - mean) @ vectors / np.sqrt(values)
        unit = np.log(2 * np.pi) * len(mean) + np.log(values).sum()
        joint.append(np.log(weight) - 0.5 * (unit + (whitened**2).sum(axis=1)))
    joint = np.array(joint)
    top = joint.max(axis=0)
    return float(np.mean(top + np.log(np.exp(joint - top).sum(axis=0))))


folder, components, covariance_type = Path(sys.argv[1]), int(sys.argv[2]), sys.argv[3]
points, weights, means, covariances = (
    np.load(folder / f"{name}.npy") for name in ("points", "weights", "means", "covariances")
)
if len(covariances) == 1:
    covariances = np.repeat(covariances, components, axis=0)
seconds = []
for _ in range(2):
    begun = time.perf_counter()
    model = GaussianMixture(components, covariance_type=covariance_type, random_state=0).fit(points)
    seconds.append(time.perf_counter() - begun)
print(
    json.dumps(
        {
            "seconds": min(seconds),
            "bound": float(model.score(points)),
            "check": score(points.astype(np.float64), weights, means, covariances),
        }
    )
)
