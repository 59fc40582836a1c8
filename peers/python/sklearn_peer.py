# /// script
# requires-python = ">=3.10"
# dependencies = ["scikit-learn>=1.2", "joblib", "numpy"]
# ///
"""scikit-learn's random forest on flattened pixels, as the original study trained it."""

import os

import joblib
import numpy as np
import sklearn
from dlcmp_peer import PYTHON, PeerError, read_labels, read_pixels, serve
from sklearn.ensemble import RandomForestClassifier

FILE = "forest.joblib"
TREES = 100


class SklearnPeer:
    def describe(self):
        versions = {"scikit-learn": sklearn.__version__, **PYTHON}
        cpu = {"name": "cpu", "available": True, "device": "CPU", "versions": versions}
        cpu["computedBy"] = [{"part": "trees", "what": "scikit-learn's RandomForestClassifier"}]
        return {
            "id": "sklearn",
            "displayName": "Scikit-learn (RF)",
            "family": "forest",
            "backends": [cpu],
        }

    def create(self, spec, engine, backend, threads, weights, model):
        self.spec, self.threads = spec, threads
        if model is not None:
            self.forest = load(model)

    def train(self, params, report):
        images = read_pixels(params["pixels"], self.spec)
        forest = RandomForestClassifier(
            n_estimators=TREES, random_state=self.spec["seed"], n_jobs=self.threads
        )
        forest.fit(flatten(images), read_labels(params["labels"]))
        self.forest = forest
        # The trees grow together in one call of fit, so they are all reported at its end.
        for tree in range(1, TREES + 1):
            report(tree, total=TREES)
        return {"details": {"trees": TREES, "maxFeatures": "sqrt"}}

    def predict(self, pixels, kind, output):
        images = read_pixels(pixels, self.spec)
        probabilities = np.zeros((len(images), len(self.spec["classNames"])), np.float32)
        probabilities[:, self.forest.classes_] = self.forest.predict_proba(flatten(images))
        probabilities.tofile(output)
        return {"count": len(images)}

    def save(self, directory):
        joblib.dump(self.forest, os.path.join(directory, FILE))


def flatten(images):
    return np.array(images).reshape(len(images), -1)


def load(directory):
    path = os.path.join(directory, FILE)
    try:
        return joblib.load(path)
    except Exception as error:
        raise PeerError("INVALID_FILE", f"{path} cannot be read: {error}. Save it again.")


if __name__ == "__main__":
    serve(SklearnPeer())
