import { spawn } from 'node:child_process';
import { createInterface } from 'node:readline';
import type { GpuConditions } from '../results/bench-results';
import { type Clock, monotonicClock } from './clock';

const SAMPLE_INTERVAL_MS = 200;
const MEBIBYTE = 2 ** 20;
const QUERY = 'index,name,utilization.gpu,memory.used,power.draw';

export interface GpuWatch {
  /** Marks what follows as training, or as something else. */
  setTraining(isTraining: boolean): void;
  /** Ends the watch and says what was seen of the busiest GPU; null = none can be read here. */
  finish(): GpuConditions | null;
}

export interface GpuWatchOptions {
  readonly clock?: Clock;
  /** Program that answers as `nvidia-smi` does. Default: the one on the PATH. */
  readonly program?: string;
}

/**
 * Samples NVIDIA's GPUs five times a second through `nvidia-smi`, which reads NVML
 * (https://docs.nvidia.com/deploy/nvidia-smi/), in a process of its own beside the trial. Counters are
 * the whole GPU's, other programs included.
 */
export function watchGpu(options: GpuWatchOptions = {}): GpuWatch {
  const { clock = monotonicClock, program = 'nvidia-smi' } = options;
  const gpus = new Map<string, GpuRecord>();
  let isTraining = false;
  const args = [`--query-gpu=${QUERY}`, '--format=csv,noheader,nounits'];
  const child = spawn(program, [...args, `--loop-ms=${SAMPLE_INTERVAL_MS}`], {
    stdio: ['ignore', 'pipe', 'ignore'],
    env: process.env,
  });
  // There is no such program where there is no such GPU.
  child.once('error', () => {});
  child.unref();
  createInterface({ input: child.stdout }).on('line', (line) => {
    const sample = parseSample(line, clock());
    if (!sample) return;
    const record = gpus.get(sample.index) ?? new GpuRecord(sample.name);
    gpus.set(sample.index, record);
    record.add(sample, isTraining);
  });
  return {
    setTraining(value) {
      isTraining = value;
    },
    finish() {
      child.kill();
      return busiest([...gpus.values()].map((record) => record.summary()));
    },
  };
}

interface GpuSample {
  readonly index: string;
  readonly name: string;
  readonly seconds: number;
  /** 0–1 */
  readonly utilization: number | null;
  readonly memoryBytes: number | null;
  readonly watts: number | null;
}

/** `0, NVIDIA H100 80GB HBM3, 87, 1024, 412.50`; what a GPU does not tell reads `[N/A]`. */
function parseSample(line: string, seconds: number): GpuSample | undefined {
  const [index, name, utilization, memory, watts] = line.split(',').map((field) => field.trim());
  if (!index || !/^\d+$/.test(index) || !name || watts === undefined) return undefined;
  return {
    index,
    name,
    seconds,
    utilization: scaled(utilization, 1 / 100),
    memoryBytes: scaled(memory, MEBIBYTE),
    watts: scaled(watts, 1),
  };
}

function scaled(text: string | undefined, factor: number): number | null {
  const value = Number.parseFloat(text ?? '');
  return Number.isFinite(value) ? value * factor : null;
}

/** What was seen of one GPU so far. */
class GpuRecord {
  readonly #name: string;
  readonly #utilizations: number[] = [];
  #peakMemoryBytes: number | null = null;
  #trainEnergyJoules: number | null = null;
  #latest: GpuSample | undefined;

  constructor(name: string) {
    this.#name = name;
  }

  /** A sample stands for the time since the one before it. */
  add(sample: GpuSample, isTraining: boolean): void {
    const { utilization, memoryBytes, watts, seconds } = sample;
    if (memoryBytes !== null) {
      this.#peakMemoryBytes = Math.max(this.#peakMemoryBytes ?? 0, memoryBytes);
    }
    if (isTraining && utilization !== null) this.#utilizations.push(utilization);
    if (isTraining && watts !== null && this.#latest) {
      const joules = watts * (seconds - this.#latest.seconds);
      this.#trainEnergyJoules = (this.#trainEnergyJoules ?? 0) + joules;
    }
    this.#latest = sample;
  }

  summary(): GpuConditions {
    const values = this.#utilizations;
    const sum = values.reduce((total, value) => total + value, 0);
    return {
      name: this.#name,
      utilization: values.length === 0 ? null : sum / values.length,
      peakMemoryBytes: this.#peakMemoryBytes,
      trainEnergyJoules: this.#trainEnergyJoules,
    };
  }
}

function busiest(gpus: readonly GpuConditions[]): GpuConditions | null {
  const work = ({ utilization }: GpuConditions) => utilization ?? -1;
  return [...gpus].sort((a, b) => work(b) - work(a))[0] ?? null;
}
