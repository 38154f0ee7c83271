"""Optional module: output-oriented data envelopment analysis (Charnes, Cooper and Rhodes 1978) by linear programmes."""

import numpy as np

from planning.gaps.engine.refusal import Refused


def efficiency(inputs: np.ndarray, outputs: np.ndarray) -> np.ndarray:
    """Output efficiency of every region in (0, 1], 1 on the frontier, constant returns to scale.

    ``inputs`` (n × m) and ``outputs`` (n × s) must be above 0. max θ subject to Σ λ_k x_k ≤ x_i, Σ λ_k y_k ≥ θ y_i,
    λ ≥ 0; the result is 1/θ. Raises ``Refused`` unless n > 3(m + s) and all figures are above 0.
    """
    from scipy.optimize import linprog

    n, m = inputs.shape
    s = outputs.shape[1]
    if n <= 3 * (m + s):
        raise Refused(
            "dea_size", "Data envelopment needs more than %(need)s regions; there are %(n)s.", need=3 * (m + s), n=n
        )
    if not (inputs > 0).all() or not (outputs > 0).all():
        raise Refused("dea_positive", "Data envelopment needs inputs and outputs above 0.")
    x, y = inputs / inputs.mean(axis=0), outputs / outputs.mean(axis=0)  # no unit decides the accuracy
    found = np.empty(n)
    objective = np.concatenate([[-1.0], np.zeros(n)])
    for i in range(n):
        a = np.block([[np.zeros((m, 1)), x.T], [y[i][:, None], -y.T]])
        b = np.concatenate([x[i], np.zeros(s)])
        solution = linprog(objective, A_ub=a, b_ub=b, bounds=[(0, None)] * (n + 1), method="highs")
        found[i] = min(1.0, 1.0 / solution.x[0])
    return found
