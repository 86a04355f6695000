"""The two-tower model of training/models/twoTower over pairs, in PyTorch: the same layers, batches, negatives and loss."""

import time

import numpy as np
import torch
from pairs import arguments, told
from torch import nn
from torch.nn import functional as F

users, items, offsets, taken, held, options = arguments()
torch.manual_seed(1)
torch.set_num_threads(2)
random = np.random.default_rng(1)
d, hidden, most = options["dimension"], options["hidden"], options["mostPurchased"]
shares = np.bincount(taken, minlength=items) / len(taken)


class Tower(nn.Module):
    """Unit vectors from embeddings: a hidden layer beside a straight one."""

    def __init__(self):
        super().__init__()
        self.hidden, self.out, self.skip = nn.Linear(d, hidden), nn.Linear(hidden, d), nn.Linear(d, d, bias=False)

    def forward(self, embedded):
        return F.normalize(self.out(F.relu(self.hidden(embedded))) + self.skip(embedded), dim=1)


table = nn.EmbeddingBag(items, d, mode="mean")
nn.init.normal_(table.weight, std=0.1)
investor, product = Tower(), Tower()
optimizer = torch.optim.Adam([*table.parameters(), *investor.parameters(), *product.parameters()])
rows = np.repeat(np.arange(users), np.diff(offsets))


def bags(examples):
    """Up to `most` of the others of each example's row, as a bag: rows and where each bag begins."""
    starts, ends = offsets[rows[examples]], offsets[rows[examples] + 1]
    others = []
    for example, start, end in zip(examples, starts, ends):
        row = np.concatenate([taken[start:example], taken[example + 1 : end]])
        others.append(row if len(row) <= most else random.choice(row, most, replace=False))
    lengths = np.array([len(row) for row in others])
    begins = np.concatenate([[0], np.cumsum(lengths)[:-1]])
    return np.concatenate(others), begins, np.repeat(np.arange(len(examples)), lengths)


def step(examples):
    targets = taken[examples]
    columns = np.unique(np.concatenate([targets, random.integers(0, items, options["negatives"])]))
    missed = (1 - shares[columns]) ** len(examples) * (1 - 1 / items) ** options["negatives"]
    offset = np.tile(-np.log(1 - missed), (len(examples), 1)).astype(np.float32)
    bag, begins, places = bags(examples)
    found = np.searchsorted(columns, bag).clip(max=len(columns) - 1)
    own = columns[found] == bag
    offset[places[own], found[own]] = -1e9
    towers = investor(table(torch.from_numpy(bag), torch.from_numpy(begins)))
    logits = towers @ product(table.weight[torch.from_numpy(columns)]).T / options["temperature"]
    right = torch.from_numpy(np.searchsorted(columns, targets))
    loss = F.cross_entropy(logits + torch.from_numpy(offset), right)
    optimizer.zero_grad()
    loss.backward()
    optimizer.step()


began = time.process_time()
total, done = options["epochs"] * -(-len(taken) // options["batch"]), 0
for _ in range(options["epochs"]):
    order = random.permutation(len(taken))
    for start in range(0, len(taken), options["batch"]):
        for group in optimizer.param_groups:
            group["lr"] = options["learningRate"] * (1 - done / total)
        step(order[start : start + options["batch"]])
        done += 1


def scores_of(some):
    with torch.no_grad():
        bag = np.concatenate([taken[offsets[user] : offsets[user + 1]] for user in some])
        begins = np.concatenate([[0], np.cumsum([offsets[user + 1] - offsets[user] for user in some])[:-1]])
        return (investor(table(torch.from_numpy(bag), torch.from_numpy(begins))) @ product(table.weight).T).numpy()


told(options["epochs"], began, scores_of, held, offsets, taken, {"version": torch.__version__})
