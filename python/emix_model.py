"""Models of emix as fitted scikit-learn mixtures and back, by way of .npz files: no pickle, only arrays."""

import numpy as np
from sklearn.mixture import BayesianGaussianMixture, GaussianMixture

FITTED = """weights_ means_ covariances_ precisions_ precisions_cholesky_ converged_ n_iter_ lower_bound_ lower_bounds_
n_features_in_ feature_names_in_ weight_concentration_ mean_precision_ degrees_of_freedom_""".split()


def load(path):
    """The mixture that `emix convert` wrote to an .npz file. Its columns must not have been transformed by emix."""
    with np.load(path, allow_pickle=False) as file:
        arrays = dict(file)
    if '"transforms":' in str(arrays.get("emix")):
        raise ValueError(f"{path} is a mixture of transformed columns, which scikit-learn cannot express; use ONNX")
    prior = arrays.get("weight_concentration_prior_type")
    kind = dict(n_components=len(arrays["weights_"]), covariance_type=str(arrays["covariance_type"]))
    bayes = {} if prior is None else {"weight_concentration_prior_type": str(prior)}
    mixture = GaussianMixture(**kind) if prior is None else BayesianGaussianMixture(**kind, **bayes)
    for name in [name for name in FITTED if name in arrays]:
        value = arrays[name].astype(object) if name == "feature_names_in_" else arrays[name]
        setattr(mixture, name, value if value.ndim else value.item())
    return mixture


def save(mixture, path):
    """Writes a fitted GaussianMixture or BayesianGaussianMixture to an .npz file that emix reads."""
    arrays = {name: np.asarray(getattr(mixture, name)) for name in FITTED if hasattr(mixture, name)}
    arrays = {name: value.astype(str) if value.dtype == object else value for name, value in arrays.items()}
    kinds = {name: getattr(mixture, name) for name in ("covariance_type", "weight_concentration_prior_type") if hasattr(mixture, name)}
    np.savez(path, **kinds, **arrays)
