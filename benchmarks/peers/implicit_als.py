"""iALS of `implicit` (Frederickson) on both cores, by conjugate gradients as it comes."""

import time

import implicit
import numpy as np
import scipy.sparse as sparse
from pairs import arguments, told

users, items, offsets, taken, held, options = arguments()
weights = np.full(len(taken), 1 / options["alpha0"], dtype=np.float32)
matrix = sparse.csr_matrix((weights, taken, offsets), shape=(users, items))
began = time.process_time()
model = implicit.als.AlternatingLeastSquares(
    factors=options["dimension"],
    regularization=options["lambda"] / options["alpha0"],
    alpha=1,
    iterations=options["epochs"],
    num_threads=2,
    random_state=1,
)
model.fit(matrix, show_progress=False)
told(
    options["epochs"],
    began,
    lambda some: model.user_factors[some] @ model.item_factors.T,
    held,
    offsets,
    taken,
    {"version": implicit.__version__},
)
