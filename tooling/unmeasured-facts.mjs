const MEASURED =
  /Seconds$|PerSecond$|Ms$|Bytes$|Joules$|^(startedAt|attempts|conditions|throughput|totalSeconds|figure|detail)$/;

/** Every value of results.json but what a clock or a gauge said, by its path. */
function facts(value, path = '', found = new Map()) {
  if (value === null || typeof value !== 'object') return found.set(path, value);
  for (const [key, inner] of Object.entries(value)) {
    if (!MEASURED.test(key)) facts(inner, `${path}/${key}`, found);
  }
  return found;
}

/** How many values of two results are compared, and the paths of those that differ. */
export function differences(one, other) {
  const [left, right] = [facts(one), facts(other)];
  const paths = new Set([...left.keys(), ...right.keys()]);
  return {
    compared: paths.size,
    differing: [...paths].filter((p) => left.get(p) !== right.get(p)),
  };
}
