"""The Python half of scikit-learn.ts: a model of emix, scored and fitted further, then saved for emix."""

import sys

import numpy as np
from emix_model import load, save
from sklearn.mixture import GaussianMixture

ours, data, theirs = sys.argv[1:]
points = np.loadtxt(data, delimiter=",", skiprows=1)

loaded = load(ours)
print("scikit-learn, ours:", loaded.score(points))

further = GaussianMixture(
    n_components=len(loaded.weights_),
    weights_init=loaded.weights_,
    means_init=loaded.means_,
    precisions_init=loaded.precisions_,
    tol=1e-9,
    reg_covar=0,
    max_iter=500,
).fit(points)
print("scikit-learn, more:", further.score(points))
save(further, theirs)
