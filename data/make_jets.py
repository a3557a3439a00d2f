"""Make data/jets.npz: jets of boosted top quarks and of light quarks and gluons, simulated and clustered.

    pip install "course-kit[jets]"     pythia8mc compiles for about half an hour
    python data/make_jets.py

Proton collisions at 13 TeV by Pythia 8 (Bierlich et al., SciPost Phys. Codebases 8, 2022): top pairs that decay to
quarks, or QCD's two-to-two. All stable particles but neutrinos with |eta| < 4 go into anti-kt jets with R = 1.0
(Cacciari, Salam, Soyez, JHEP 04, 2008, 063; FastJet, EPJ C72, 2012, 1896). The hardest jet is kept if its pT is between
550 and 650 GeV and |eta| < 2; of top pairs also only if a top quark flies within 0.6 of its axis. No detector, no
second collisions. The task and the order of constituents are those of Egan et al., arXiv 1711.09059.

It keeps what is done in build/jets, 250 jets a file, and goes on there after a stop.
"""

import argparse
import hashlib
import math
import os
from pathlib import Path

import numpy as np

HERE = Path(__file__).resolve().parent
RADIUS, PT, ETA, MATCH = 1.0, (550.0, 650.0), 2.0, 0.6
MOST = 60  # constituents that are kept, the hardest
PART = 250  # jets a file
NEUTRINOS = {12, 14, 16}
COMMON = (
    "Beams:eCM = 13000.", "PhaseSpace:pTHatMin = 480.", "PhaseSpace:pTHatMax = 800.", "Print:quiet = on",
    "Random:setSeed = on",
)  # fmt: skip
PROCESSES = {
    "qcd": ("HardQCD:all = on",),
    "top": ("Top:gg2ttbar = on", "Top:qqbar2ttbar = on", "24:onMode = off", "24:onIfAny = 1 2 3 4 5"),
}


def jets(kind: str, count: int, seed: int):
    """Simulate until there are ``count`` jets; yields each as `measured` gives it."""
    import fastjet
    import pythia8mc

    pythia = pythia8mc.Pythia("", False)
    for line in (*COMMON, f"Random:seed = {seed}", *PROCESSES[kind]):
        if not pythia.readString(line):
            raise SystemExit(f"Pythia does not know {line!r}.")
    if not pythia.init():
        raise SystemExit("Pythia did not start: see its message above.")
    definition = fastjet.JetDefinition(fastjet.antikt_algorithm, RADIUS)
    found = 0
    while found < count:
        if not pythia.next():
            continue
        particles, tops = [], []
        for p in pythia.event:
            if abs(p.id()) == 6 and kind == "top" and abs(pythia.event[p.daughter1()].id()) != 6:
                tops.append((p.eta(), p.phi()))
            if p.isFinal() and abs(p.id()) not in NEUTRINOS and abs(p.eta()) < 4:
                particles.append(fastjet.PseudoJet(p.px(), p.py(), p.pz(), p.e()))
                particles[-1].set_user_index(len(particles) - 1)
        clusters = fastjet.ClusterSequence(particles, definition)
        jet = max(clusters.inclusive_jets(100.0), key=lambda j: j.pt(), default=None)
        if jet is None or not PT[0] <= jet.pt() <= PT[1] or abs(jet.eta()) > ETA:
            continue
        if kind == "top" and min(apart(jet.eta(), jet.phi(), *top) for top in tops) > MATCH:
            continue
        found += 1
        yield measured(jet)


def measured(jet) -> dict:
    """A jet as numbers: pt, eta, mass; its hardest constituents; the order of the clustering; tau_1, tau_2, tau_3."""
    walked = depth_first(jet)
    hardness = sorted(range(len(walked)), key=lambda k: -walked[k].pt())[:MOST]
    kept = [walked[k] for k in hardness]
    constituents = np.zeros((MOST, 3), np.float16)
    constituents[: len(kept)] = [(p.pt(), p.eta() - jet.eta(), turn(p.phi() - jet.phi())) for p in kept]
    order = np.full(MOST, 255, np.uint8)  # places in the list by pT, in the order of the walk through the clustering
    order[: len(kept)] = sorted(range(len(kept)), key=lambda k: hardness[k])
    return {
        "jet": np.array([jet.pt(), jet.eta(), jet.m(), len(walked)], np.float32),
        "constituents": constituents,
        "order": order,
        "tau": np.array([subjettiness(jet, n) for n in (1, 2, 3)], np.float32),
    }


def depth_first(jet) -> list:
    """The constituents as they are met when the clustering is undone, at each step the harder part first."""
    import fastjet

    found, due = [], [jet]
    while due:
        part = due.pop()
        one, other = fastjet.PseudoJet(), fastjet.PseudoJet()
        if not part.has_parents(one, other):
            found.append(part)
            continue
        due += [one, other] if one.pt() < other.pt() else [other, one]
    return found


def subjettiness(jet, axes: int) -> float:
    """tau_N = sum of pT times the distance to the nearest of N axes, over sum of pT times R (Thaler, Van Tilburg 2011).

    The axes are the N exclusive kt subjets.
    """
    import fastjet

    particles = list(jet.constituents())
    if len(particles) <= axes:
        return 0.0
    subjets = fastjet.ClusterSequence(particles, fastjet.JetDefinition(fastjet.kt_algorithm, RADIUS))
    at = [(axis.eta(), axis.phi()) for axis in subjets.exclusive_jets(axes)]
    near = sum(p.pt() * min(apart(p.eta(), p.phi(), *axis) for axis in at) for p in particles)
    return near / (RADIUS * sum(p.pt() for p in particles))


def apart(eta: float, phi: float, other_eta: float, other_phi: float) -> float:
    """The distance in the plane of eta and phi."""
    return math.hypot(eta - other_eta, turn(phi - other_phi))


def turn(angle: float) -> float:
    """The same angle between -pi and pi."""
    return (angle + math.pi) % (2 * math.pi) - math.pi


def part(kind: str, number: int, seed: int, folder: Path) -> dict:
    """One file of jets, made unless it is there."""
    path = folder / f"{kind}-{seed}-{number:03d}.npz"
    if not path.exists():
        made = list(jets(kind, PART, seed=1 + 1000 * seed + 2 * number + (kind == "top")))
        begun = path.with_suffix(".part.npz")
        np.savez(begun, **{key: np.stack([jet[key] for jet in made]) for key in made[0]})
        os.replace(begun, path)
    with np.load(path, allow_pickle=False) as kept:
        return dict(kept)


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__.splitlines()[0])
    parser.add_argument("--jets", type=int, default=6000, help="of each kind (default 6000)")
    parser.add_argument("--seed", type=int, default=1)
    parser.add_argument("--work", type=Path, default=Path("build/jets"), help="where parts are kept")
    parser.add_argument("--out", type=Path, default=HERE / "jets.npz")
    arguments = parser.parse_args()
    if arguments.jets < PART or arguments.jets % PART:
        parser.error(f"--jets must be a multiple of {PART}. Got {arguments.jets}.")
    arguments.work.mkdir(parents=True, exist_ok=True)
    kinds = {kind: [] for kind in PROCESSES}
    for number in range(arguments.jets // PART):
        for kind in kinds:
            kinds[kind].append(part(kind, number, arguments.seed, arguments.work))
        print(f"{(number + 1) * PART} of {arguments.jets} jets of each kind", flush=True)
    columns = {
        key: np.concatenate([np.concatenate([p[key] for p in parts]) for parts in kinds.values()])
        for key in ("jet", "constituents", "order", "tau")
    }
    label = np.repeat(np.arange(len(kinds), dtype=np.int8), arguments.jets)
    mixed = np.random.default_rng(arguments.seed).permutation(len(label))
    np.savez_compressed(arguments.out, label=label[mixed], **{key: value[mixed] for key, value in columns.items()})
    content = arguments.out.read_bytes()
    print(f"{arguments.out}: {len(content):,} bytes, SHA-256 {hashlib.sha256(content).hexdigest()}")


if __name__ == "__main__":
    main()
