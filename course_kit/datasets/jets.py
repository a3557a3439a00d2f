"""Simulated jets of boosted top quarks, and of light quarks and gluons: `data/make_jets.py` says how they were made.

A jet is a list of constituents, each with its transverse momentum pT in GeV and its place (eta, phi) relative to the
axis of the jet. The order of that list is a choice: `ordered` gives the three that notebook 22 compares.
"""

from dataclasses import dataclass, fields
from pathlib import Path

import numpy as np

from course_kit.datasets.shipped import require

PATH = Path(__file__).resolve().parents[2] / "data" / "jets.npz"
SHA256 = "28c0bfceac3db519cf32a07eec3fdb5e4c461694b64de1a47680c343fa4d36f5"
TOP, QCD = 1, 0
ORDERS = ("pT", "substructure", "random")
NOBODY = 255  # fills `order` where a jet has no further constituent
TRAIN, VALIDATION = 0.5, 0.1  # the rest is tested on


@dataclass(frozen=True)
class Jets:
    """J jets.

    jet (J, 4) pT, eta, mass in GeV, number of constituents; constituents (J, C, 3) pT, eta and phi relative to the
    jet, hardest first, rows of zeros where there are fewer; order (J, C) the places in that list in the order of the
    paper's walk through the clustering, then 255; tau (J, 3) the N-subjettinesses; label (J,) 1 for a top.
    """

    jet: np.ndarray
    constituents: np.ndarray
    order: np.ndarray
    tau: np.ndarray
    label: np.ndarray

    def __len__(self) -> int:
        return len(self.label)

    def __getitem__(self, which) -> "Jets":
        """Some of them: a slice or an array of places or of True and False."""
        return Jets(**{field.name: getattr(self, field.name)[which] for field in fields(self)})


def load(path: Path = PATH, sha256: str | None = SHA256) -> Jets:
    """The jets that the kit ships, or others of the same form.

    Args:
        path: of the `.npz`.
        sha256: of the file, or None for jets of your own.

    Raises:
        FileNotFoundError: if the file is not there.
        ValueError: if it is not the file that the kit ships, or no file of jets.
    """
    require(path, sha256, "`python data/make_jets.py` (half an hour, and Pythia must be installed)")
    names = [field.name for field in fields(Jets)]
    try:
        with np.load(path, allow_pickle=False) as file:
            arrays = {name: file[name] for name in names}
    except (KeyError, ValueError, OSError) as error:
        raise ValueError(f"{path.name} must be a file of jets with {', '.join(names)}. Got: {error}") from None
    whole = {name: "iu" if name in ("order", "label") else "f" for name in names}
    if any(arrays[name].dtype.kind not in kinds for name, kinds in whole.items()):
        raise ValueError(f"{path.name} must hold numbers. Got {', '.join(str(a.dtype) for a in arrays.values())}.")
    shapes = tuple(a.shape for a in arrays.values())
    count, most = (shapes[1][:2]) if len(shapes[1]) == 3 else (0, 0)
    if not count or shapes != ((count, 4), (count, most, 3), (count, most), (count, 3), (count,)):
        raise ValueError(f"{path.name} must hold arrays of one number of jets. Got the shapes {shapes}.")
    integers = {"order": np.uint8, "label": np.int8}
    return Jets(**{name: a.astype(integers.get(name, np.float32)) for name, a in arrays.items()})


def split(jets: Jets, seed: int = 22) -> tuple[Jets, Jets, Jets]:
    """Half of the jets to train on, a tenth to validate on, the rest to test on; tops and others alike.

    The seed is fixed, so that nobody tests on jets that were learned from.

    Raises:
        ValueError: if there are fewer than ten of a kind.
    """
    parts: tuple[list, list, list] = ([], [], [])
    rng = np.random.default_rng(seed)
    for kind in (QCD, TOP):
        places = rng.permutation(np.flatnonzero(jets.label == kind))
        if len(places) < 10:
            raise ValueError(f"a split needs at least ten jets of each kind. Got {len(places)} with label {kind}.")
        ends = (int(TRAIN * len(places)), int((TRAIN + VALIDATION) * len(places)))
        for part, found in zip(parts, np.split(places, ends), strict=True):
            part.append(found)
    train, validation, test = (jets[rng.permutation(np.concatenate(part))] for part in parts)
    return train, validation, test


def ordered(jets: Jets, constituents: np.ndarray, order: str, most: int, seed: int = 0) -> np.ndarray:
    """The ``most`` hardest constituents of each jet in the order asked for, then rows of zeros.

    Args:
        jets: J of them.
        constituents: array (J, C, F), a row a constituent in the order of ``jets.constituents``.
        order: "pT", hardest first; "substructure", that of the walk through the clustering; "random", drawn anew for
            each jet.
        most: int; the same constituents are taken in every order.
        seed: int, for "random".

    Returns:
        array (J, most, F).
    """
    if order not in ORDERS:
        raise ValueError(f"order must be one of {', '.join(ORDERS)}. Got {order!r}.")
    count = constituents.shape[1]
    if not 1 <= most <= count:
        raise ValueError(f"most must be an integer from 1 to {count}. Got {most}.")
    there = jets.order != NOBODY
    if order == "pT":
        places = np.where(there, np.arange(count), NOBODY)
    elif order == "substructure":
        places = jets.order
    else:
        dice = np.random.default_rng(seed).random(there.shape)
        places = np.argsort(np.where(np.arange(count) < there.sum(axis=1, keepdims=True), dice, 2.0), axis=1)
        places = np.where(places < there.sum(axis=1, keepdims=True), places, NOBODY)
    taken = places < most
    first = np.argsort(~taken, axis=1, kind="stable")[:, :most]  # those that are taken, in their order, then the rest
    places, taken = np.take_along_axis(places, first, axis=1), np.take_along_axis(taken, first, axis=1)
    rows = np.take_along_axis(constituents, np.where(taken, places, 0)[:, :, np.newaxis].astype(int), axis=1)
    return rows * taken[:, :, np.newaxis]
