"""Models of emix as fitted scikit-learn mixtures, and back, by way of .npz files (arrays only, no pickle)."""

import numpy as np
from sklearn.mixture import BayesianGaussianMixture, GaussianMixture

KINDS = ["covariance_type", "weight_concentration_prior_type"]
FITTED = """weights_ means_ covariances_ precisions_ precisions_cholesky_ converged_ n_iter_ lower_bound_ lower_bounds_
n_features_in_ feature_names_in_ weight_concentration_ mean_precision_ degrees_of_freedom_""".split()


def load(path):
    """The mixture of an .npz file that emix wrote, as if scikit-learn had fitted it."""
    with np.load(path, allow_pickle=False) as file:
        arrays = dict(file)
    if '"transforms":' in str(arrays.get("emix")):
        raise ValueError(f"{path} holds a mixture of transformed columns, which scikit-learn cannot hold; use ONNX")
    kinds = {name: str(arrays[name]) for name in KINDS if name in arrays}
    kind = BayesianGaussianMixture if len(kinds) > 1 else GaussianMixture
    mixture = kind(n_components=len(arrays["weights_"]), **kinds)
    for name in [name for name in FITTED if name in arrays]:
        value = arrays[name].astype(object) if name == "feature_names_in_" else arrays[name]
        setattr(mixture, name, value if value.ndim else value.item())
    return mixture


def save(mixture, path):
    """Writes a fitted GaussianMixture or BayesianGaussianMixture to an .npz file that emix reads."""
    arrays = {name: np.asarray(getattr(mixture, name)) for name in KINDS + FITTED if hasattr(mixture, name)}
    np.savez(path, **{name: value.astype(str) if value.dtype == object else value for name, value in arrays.items()})
