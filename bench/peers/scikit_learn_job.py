"""A whole fit of scikit-learn: its own start (k-means), n_init 1, tolerance 1e-6."""

import warnings

from job import serve
from sklearn.exceptions import ConvergenceWarning
from sklearn.mixture import GaussianMixture
from threadpoolctl import threadpool_limits

warnings.simplefilter("ignore", ConvergenceWarning)


def fit(points, components, threads, seed):
    threadpool_limits(threads)
    model = GaussianMixture(components, tol=1e-6, max_iter=500, random_state=seed).fit(points)
    return model.lower_bound_, model.n_iter_


serve(fit)
