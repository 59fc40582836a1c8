import type {
  ServerMeasurement,
  ServerRow,
  ServerRowMeasurement,
  ServerWay,
} from '../../results/server-result';
import { poissonArrivals } from './arrivals';
import { findHighestRate } from './highest-rate';
import type { ModelToServe } from './server-messages';
import { ServerProcess } from './server-process';

export interface ServerPlan {
  /** URL of the module that serves: `@dlcmp/serving`. */
  readonly moduleUrl: string;
  readonly model: ModelToServe;
  /** Of the whole server: the naive one computes with so many threads, the other has so many workers of one. */
  readonly threads: number;
  /** Encoded images, which requests go round. */
  readonly files: readonly string[];
  /** Of the arrivals. */
  readonly seed: number;
  /** Of p99, in milliseconds. */
  readonly boundMs: number;
  readonly secondsPerLoad: number;
  /** Rates that are measured to find the highest. */
  readonly steps: number;
  /** Clients of the closed loops; the highest rate is looked for around what the best of them got. */
  readonly concurrencies: readonly number[];
  readonly rows: readonly ServerRow[];
  readonly ways: readonly ServerWay[];
}

const WARM_UP_CLIENTS = 4;
const WARM_UP_SECONDS = 1;
/** A request that takes so many times the bound ends a load. */
const GIVE_UP = 10;
const MEANT_LOAD = 0.7;

/** A saved model under load, in each row and way of `plan`. */
export async function measureServer(
  plan: ServerPlan,
  onLoad: (completed: number, total: number) => void = () => {},
): Promise<ServerMeasurement> {
  const rows: ServerRowMeasurement[] = [];
  // Each row has its closed loops, the rates of the search, and the one at 70%.
  const total = plan.ways.length * plan.rows.length * (plan.concurrencies.length + plan.steps + 1);
  let completed = 0;
  const onEnd = () => onLoad(++completed, total);
  for (const way of plan.ways) {
    for (const row of plan.rows) rows.push(await measureServerRow(plan, row, way, onEnd));
  }
  const { boundMs, secondsPerLoad } = plan;
  return { boundMs, secondsPerLoad, rows };
}

async function measureServerRow(
  plan: ServerPlan,
  row: ServerRow,
  way: ServerWay,
  onEnd: () => void,
): Promise<ServerRowMeasurement> {
  const server = await ServerProcess.start({ ...plan, row }, way);
  try {
    await server.closedLoop(WARM_UP_CLIENTS, WARM_UP_SECONDS);
    const closedLoop = [];
    for (const concurrency of plan.concurrencies) {
      closedLoop.push(await server.closedLoop(concurrency, plan.secondsPerLoad));
      onEnd();
    }
    const capacity = Math.max(...closedLoop.map(({ perSecond }) => perSecond));
    const measure = async (rate: number) => {
      const measured = await measureRate(server, plan, rate);
      onEnd();
      return measured;
    };
    const found = await findHighestRate(capacity, plan.boundMs, plan.steps, measure);
    const { highestRate } = found;
    const atSeventyPercent = highestRate === null ? null : await measure(MEANT_LOAD * highestRate);
    return { row, way, closedLoop, ...found, atSeventyPercent };
  } finally {
    await server.end();
  }
}

async function measureRate(
  server: ServerProcess,
  { seed, secondsPerLoad, boundMs }: ServerPlan,
  rate: number,
) {
  const due = poissonArrivals(seed, rate, secondsPerLoad);
  return { rate, ...(await server.openLoop(due, GIVE_UP * boundMs)) };
}
