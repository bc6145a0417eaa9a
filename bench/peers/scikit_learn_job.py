"""A whole fit of scikit-learn: its own starts (k-means), as many as the fifth argument says, tolerance 1e-6."""

import sys
import warnings

from job import serve
from sklearn.exceptions import ConvergenceWarning
from sklearn.mixture import GaussianMixture
from threadpoolctl import threadpool_limits

warnings.simplefilter("ignore", ConvergenceWarning)


def fit(points, components, threads, seed):
    threadpool_limits(threads)
    settings = {"tol": 1e-6, "max_iter": 500, "n_init": int(sys.argv[5])}
    model = GaussianMixture(components, random_state=seed, **settings).fit(points)
    return model.lower_bound_, model.n_iter_


serve(fit)
