"""Whole fits of scikit-learn's GaussianMixture from its own start. A line "<seed>" asks for one, in place of steps."""

import warnings

import numpy as np
import sklearn
from peer import serve
from sklearn.exceptions import ConvergenceWarning
from sklearn.mixture import GaussianMixture
from threadpoolctl import threadpool_limits

warnings.simplefilter("ignore", ConvergenceWarning)


def prepare(task):
    threadpool_limits(task.threads)

    def run(seed):
        model = GaussianMixture(
            task.components,
            covariance_type=task.covariance_type,
            tol=1e-6,
            max_iter=500,
            random_state=seed,
        ).fit(task.points)
        return model.score(task.points)

    return run


serve({"scikit-learn": sklearn.__version__, "numpy": np.__version__}, prepare)
