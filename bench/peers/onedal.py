"""oneDAL's em_gmm through daal4py: no tolerance, a given start, its own threads."""

from importlib.metadata import version

import daal4py
import numpy as np
from peer import serve


def prepare(task):
    dtype = task.points.dtype
    start = (
        task.weights.reshape(1, -1).astype(dtype),
        task.means.astype(dtype),
        [matrix.astype(dtype) for matrix in covariances(task)],
    )
    daal4py.daalinit(task.threads)

    def run(steps):
        result = daal4py.em_gmm(
            task.components,
            fptype="float" if dtype == np.float32 else "double",
            maxIterations=steps,
            accuracyThreshold=0.0,
            covarianceStorage="diagonal" if task.covariance_type == "diag" else "full",
        ).compute(task.points, *start)
        if int(result.nIterations[0, 0]) != steps:
            raise RuntimeError(f"took {result.nIterations[0, 0]} steps instead of {steps}")
        return result.goalFunction[0, 0] / len(task.points)

    return run


def covariances(task):
    """One matrix a component; of a diagonal one the diagonal as a row."""
    if task.covariance_type == "full":
        return list(task.covariances)
    if task.covariance_type == "diag":
        return [row.reshape(1, -1) for row in task.covariances]
    raise SystemExit(f"oneDAL has no {task.covariance_type} covariances")


serve({"scikit-learn-intelex": version("scikit-learn-intelex"), "numpy": np.__version__}, prepare)
