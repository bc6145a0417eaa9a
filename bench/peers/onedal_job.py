"""A whole fit of oneDAL: its own start (20 trials of 10 iterations), then EM to the same relative change of its goal."""

import daal4py
from job import serve


def fit(points, components, threads, seed):
    daal4py.daalinit(threads)
    start = daal4py.em_gmm_init(components, engine=daal4py.engines_mt19937(seed=seed)).compute(points)
    result = daal4py.em_gmm(components, maxIterations=500, accuracyThreshold=1e-6).compute(
        points, start.weights, start.means, start.covariances
    )
    return result.goalFunction[0, 0] / len(points), result.nIterations[0, 0]


serve(fit)
