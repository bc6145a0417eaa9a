"""scikit-learn's GaussianMixture: no regularization, no tolerance, a given start, threads of BLAS."""

import warnings

import numpy as np
import sklearn
from peer import serve
from sklearn.exceptions import ConvergenceWarning
from sklearn.mixture import GaussianMixture
from threadpoolctl import threadpool_limits

warnings.simplefilter("ignore", ConvergenceWarning)


def prepare(task):
    dtype = task.points.dtype
    start = {
        "weights_init": task.weights.astype(dtype),
        "means_init": task.means.astype(dtype),
        "precisions_init": precisions(task).astype(dtype),
    }
    threadpool_limits(task.threads)

    def run(steps):
        model = GaussianMixture(
            task.components,
            covariance_type=task.covariance_type,
            tol=0,
            reg_covar=0,
            max_iter=steps,
            init_params="random_from_data",
            **start,
        ).fit(task.points)
        if model.n_iter_ != steps:
            raise RuntimeError(f"took {model.n_iter_} steps instead of {steps}")
        return model.lower_bound_

    return run


def precisions(task):
    if task.covariance_type in ("full", "tied"):
        return np.linalg.inv(task.covariances)
    return 1 / task.covariances


serve({"scikit-learn": sklearn.__version__, "numpy": np.__version__}, prepare)
