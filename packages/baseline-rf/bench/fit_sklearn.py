"""Fits scikit-learn's forest on a matrix of bytes; prints one line of JSON. See sklearn.mjs."""

import json
import resource
import sys
import time

import numpy as np
from sklearn import __version__
from sklearn.ensemble import RandomForestClassifier

settings = json.loads(sys.argv[1])


def read(path):
    values = np.fromfile(path, np.uint8).reshape(-1, settings["features"])
    return values, np.fromfile(path + ".labels", np.int32)


values, labels = read(settings["train"])
values, labels = values[: settings["rows"]], labels[: settings["rows"]]
unseen, unseen_labels = read(settings["test"])
forest = RandomForestClassifier(
    n_estimators=settings["trees"], random_state=settings["seed"], n_jobs=settings["threads"]
)
started, cpu_started = time.perf_counter(), time.process_time()
forest.fit(values, labels)
fit_seconds, fit_cpu_seconds = time.perf_counter() - started, time.process_time() - cpu_started
started = time.perf_counter()
probabilities = forest.predict_proba(unseen)
predict_seconds = time.perf_counter() - started
peak = resource.getrusage(resource.RUSAGE_SELF).ru_maxrss
print(
    json.dumps(
        {
            "version": f"scikit-learn {__version__}",
            "fitSeconds": fit_seconds,
            "fitCpuSeconds": fit_cpu_seconds,
            "predictSeconds": predict_seconds,
            "peakMegabytes": peak / (1 << 20 if sys.platform == "darwin" else 1 << 10),
            "accuracy": float((probabilities.argmax(1) == unseen_labels).mean()),
        }
    )
)
