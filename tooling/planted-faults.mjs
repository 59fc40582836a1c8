const FIT = 'measure/measure-fit.ts';
const TRIAL = 'measure/measure-trial.ts';
const LATENCY = 'measure/latency.ts';
const THROUGHPUT = 'measure/throughput.ts';
const SAVED = 'measure/saved-model.ts';
const THROTTLED = 'measure/throttled-time.ts';

/** Each `find` stands once in its file below `packages/bench-core/src`. */
export const PLANTED_FAULTS = [
  {
    name: 'evaluation counted as training',
    file: FIT,
    find: 'const evaluationSeconds = clock() - evaluationStart;\n      const trainImagesPerSecond = trainedImages / trainSeconds;\n      epochs.push({\n        epoch,\n        trainSeconds,',
    replace:
      'const evaluationSeconds = clock() - evaluationStart;\n      const trainImagesPerSecond = trainedImages / trainSeconds;\n      epochs.push({\n        epoch,\n        trainSeconds: trainSeconds + evaluationSeconds,',
  },
  {
    name: 'the next epoch begins before the evaluation',
    file: FIT,
    find: 'steps = 0;\n      epochStart = clock();',
    replace: 'steps = 0;\n      epochStart = evaluationStart;',
  },
  {
    name: 'the end of fit cut off',
    file: FIT,
    find: ' + (clock() - epochStart),',
    replace: ',',
  },
  {
    name: 'the last step taken for the first',
    file: FIT,
    find: 'firstStepSeconds ??= now - start',
    replace: 'firstStepSeconds = now - start',
  },
  {
    name: 'images a second of all epochs, not of the one under way',
    file: FIT,
    find: 'steps = 0;\n      epochStart',
    replace: 'epochStart',
  },
  {
    name: "an epoch's pace by its evaluation too",
    file: FIT,
    find: 'trainedImages / trainSeconds',
    replace: 'trainedImages / (trainSeconds + evaluationSeconds)',
  },
  {
    name: 'the last evaluation alone counted',
    file: FIT,
    find: 'sum(epochs.map((epoch) => epoch.evaluationSeconds))',
    replace: 'epochs[epochs.length - 1]!.evaluationSeconds',
  },
  {
    name: "a forest's training begins after it has trained",
    file: FIT,
    find: 'const start = clock();\n  // Whoever',
    replace: 'let start = clock();\n  start += 1;\n  // Whoever',
  },
  {
    name: 'no warm-up before inference',
    file: TRIAL,
    find: 'await classifier.predict(test.pixels.subarray(0, count * bytesPerImage(spec)), count);',
    replace: 'void count;',
  },
  {
    name: 'the warm-up batch counted as inference',
    file: TRIAL,
    find: 'await classifier.predict(test.pixels.subarray(0, count * bytesPerImage(spec)), count);\n  return timed(clock, () => predictBatches(classifier, test, spec, inferenceBatchSize));',
    replace:
      'return timed(clock, async () => {\n    await classifier.predict(test.pixels.subarray(0, count * bytesPerImage(spec)), count);\n    return predictBatches(classifier, test, spec, inferenceBatchSize);\n  });',
  },
  {
    name: 'throughput off by the number of epochs',
    file: TRIAL,
    find: '(trainCount * passes) / trainSeconds',
    replace: 'trainCount / trainSeconds',
  },
  {
    name: "inference's pace by the training images",
    file: TRIAL,
    find: 'test.count / inference.seconds',
    replace: 'train.count / inference.seconds',
  },
  {
    name: 'processor time of the whole trial for that of fit',
    file: TRIAL,
    find: 'after.cpuSeconds - before.cpuSeconds',
    replace: 'after.cpuSeconds',
  },
  {
    name: 'energy read before fit',
    file: TRIAL,
    find: 'const result = await work();\n  const after = await readUsage();',
    replace:
      'const early = energy.finish();\n  const result = await work();\n  energy.finish = () => early;\n  const after = await readUsage();',
  },
  {
    name: 'processor time and memory before the model is saved',
    file: TRIAL,
    find: 'const save = await timed(clock, () => classifier.save(plan.modelDirectory));\n  const { cpuSeconds, peakRssBytes } = await readUsage();',
    replace:
      'const { cpuSeconds, peakRssBytes } = await readUsage();\n  const save = await timed(clock, () => classifier.save(plan.modelDirectory));',
  },
  {
    name: "this process' memory for that of the one that computes",
    file: TRIAL,
    find: '(await classifier.resourceUsage?.()) ?? environment.readResourceUsage()',
    replace: 'environment.readResourceUsage()',
  },
  {
    name: 'importing counted as creating',
    file: TRIAL,
    find: 'createSeconds: created.seconds',
    replace: 'createSeconds: created.seconds + imported.seconds',
  },
  {
    name: 'reading the pixels left out',
    file: TRIAL,
    find: 'dataSeconds: data.seconds',
    replace: 'dataSeconds: 0',
  },
  {
    name: 'latency in seconds',
    file: LATENCY,
    find: '(clock() - before) * 1000',
    replace: 'clock() - before',
  },
  {
    name: 'latency without a warm-up',
    file: LATENCY,
    find: 'call < WARM_UP_CALLS',
    replace: 'call < 0',
  },
  {
    name: 'percentiles of unsorted samples',
    file: LATENCY,
    find: '[...samplesMs].sort((a, b) => a - b)',
    replace: '[...samplesMs]',
  },
  {
    name: 'p90 for p99',
    file: LATENCY,
    find: 'p99Ms: quantileSorted(sorted, 0.99)',
    replace: 'p99Ms: quantileSorted(sorted, 0.9)',
  },
  {
    name: 'throughput without a warm-up',
    file: THROUGHPUT,
    find: 'batch < WARM_UP_BATCHES',
    replace: 'batch < 0',
  },
  {
    name: 'batches a second for images a second',
    file: THROUGHPUT,
    find: 'imagesPerSecond: count / seconds',
    replace: 'imagesPerSecond: batches / seconds',
  },
  {
    name: 'the first call counted as loading',
    file: SAVED,
    find: 'loadSeconds: loaded.seconds',
    replace: 'loadSeconds: loaded.seconds + first.seconds',
  },
  {
    name: 'the first call after others',
    file: SAVED,
    find: 'const first = await timed(',
    replace: 'await classifier.predict(image, 1);\n    const first = await timed(',
  },
  {
    name: 'the first call in seconds',
    file: SAVED,
    find: 'first.seconds * 1000',
    replace: 'first.seconds',
  },
  {
    name: 'the size of the files at the top alone',
    file: SAVED,
    find: 'recursive: true',
    replace: 'recursive: false',
  },
  {
    name: 'throttling in milliseconds',
    file: THROTTLED,
    find: "'throttled_usec', 1e6",
    replace: "'throttled_usec', 1e3",
  },
  {
    name: "an older cgroup's throttling in microseconds",
    file: THROTTLED,
    find: "'throttled_time', 1e9",
    replace: "'throttled_time', 1e6",
  },
  {
    name: 'throttling since the container began',
    file: 'measure/watch-process.ts',
    find: 'difference(throttledBefore, readThrottled())',
    replace: 'difference(0, readThrottled())',
  },
  {
    name: 'memory from outside in kilobytes',
    file: 'measure/process-memory.ts',
    find: 'const KIBIBYTE = 1024;',
    replace: 'const KIBIBYTE = 1;',
  },
  {
    name: 'peak memory in kilobytes',
    file: 'measure/resource-usage.ts',
    find: 'maxRSS * 1024',
    replace: 'maxRSS',
  },
  {
    name: 'processor time in milliseconds',
    file: 'measure/resource-usage.ts',
    find: '/ 1e6',
    replace: '/ 1e3',
  },
  {
    name: 'user time alone',
    file: 'measure/resource-usage.ts',
    find: '(userCPUTime + systemCPUTime)',
    replace: '(userCPUTime + 0 * systemCPUTime)',
  },
  {
    name: 'a clock of milliseconds',
    file: 'measure/clock.ts',
    find: '/ 1e9',
    replace: '/ 1e6',
  },
  {
    name: 'a noise probe that takes the quickest',
    file: 'measure/noise-probe.ts',
    find: 'return median(times);',
    replace: 'return Math.min(...times, median(times));',
  },
  {
    name: "GPU's energy of the whole trial",
    file: 'measure/watch-gpu.ts',
    find: 'if (isTraining && watts !== null && this.#latest)',
    replace: 'if (watts !== null && this.#latest)',
  },
  {
    name: 'energy of the processor in microjoules',
    file: 'measure/watch-energy.ts',
    find: 'const MICROJOULES = 1e6;',
    replace: 'const MICROJOULES = 1;',
  },
  {
    name: 'scenarios in the total time',
    file: 'run/run-bench.ts',
    find: 'totalSeconds: totalSeconds - (result.phases.scenarioSeconds ?? 0)',
    replace: 'totalSeconds',
    tests: ['test/run/run-bench'],
  },
  {
    name: 'the gate with one step',
    file: 'parity/trajectory.ts',
    find: 'const STEPS = 4;',
    replace: 'const STEPS = 1;',
    tests: ['test/parity'],
  },
  {
    name: 'the error of final weights always 0',
    file: 'parity/compare-outcomes.ts',
    find: 'finalWeights: weightsError(actual.finalWeights, reference.finalWeights)',
    replace: 'finalWeights: 0',
    tests: ['test/parity'],
  },
  {
    name: 'a metric of another time',
    file: 'metrics/metric-definitions.ts',
    find: 'value: (trial) => trial.inferenceSeconds',
    replace: 'value: (trial) => trial.trainSeconds',
    tests: ['test/metrics/metric-definitions'],
  },
];
