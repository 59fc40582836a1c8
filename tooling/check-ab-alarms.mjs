/**
 * Real comparisons of a build of baseline-rf with its copy beside a load that comes and goes, and the share of them that raise an
 * alarm; then with a training that takes 15 % longer in head, and the share in which that is found. At most 5 % and at least 80 %
 * are asked for. In Linux, on one core, on a machine that has nothing else to do:
 *
 *     pnpm build && node tooling/check-ab-alarms.mjs [--comparisons 200] [--slowdown 1.15] [--core 0] [--only equals|slower]
 *
 * A trial of `dlcmp ab` takes seconds, in a process of its own. Here one takes about 20 ms, several of a scheduler's time slices,
 * and five comparisons have a process; the load, of about six trials on and six off, has the lower priority.
 */
import { execFile, spawn } from 'node:child_process';
import { cpSync, mkdtempSync, rmSync, symlinkSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { parseArgs, promisify } from 'node:util';

const { values } = parseArgs({
  options: {
    comparisons: { type: 'string', default: '200' },
    slowdown: { type: 'string', default: '1.15' },
    core: { type: 'string', default: '0' },
    only: { type: 'string' },
  },
});
/** What `dlcmp ab` takes where nothing else is said. */
const PAIRS = 20;
/** What stays with a build stays for a process: another one for every few. */
const PER_PROCESS = 5;
const LOAD_SECONDS = '0.12';
/** Where both want the core, about a third of it is the load's. */
const NICENESS = '3';

const here = (path) => fileURLToPath(new URL(path, import.meta.url));
const base = here('../packages/baseline-rf');
const head = mkdtempSync(join(tmpdir(), 'dlcmp-ab-alarms-'));
const folders = { base, head };
for (const name of ['package.json', 'dist'])
  cpSync(join(base, name), join(head, name), { recursive: true });
symlinkSync(join(base, 'node_modules'), join(head, 'node_modules'));

const onCore = (...command) => ['taskset', ['-c', values.core, ...command]];
const [command, args] = onCore(
  'nice',
  '-n',
  NICENESS,
  process.execPath,
  here('ab-alarms/load.mjs'),
  LOAD_SECONDS,
);
const load = spawn(command, args, { stdio: 'inherit' });

async function compare(slowdown, count) {
  const plan = JSON.stringify({ folders, pairs: PAIRS, slowdown, count });
  const { stdout } = await promisify(execFile)(
    ...onCore(process.execPath, here('ab-alarms/comparisons.mjs'), plan),
  );
  return stdout
    .trim()
    .split('\n')
    .map((line) => JSON.parse(line));
}

/** Share of comparisons of which `isAlarm` says so. */
async function shareOf(title, slowdown, isAlarm) {
  const all = [];
  while (all.length < Number(values.comparisons)) {
    all.push(...(await compare(slowdown, PER_PROCESS)));
    const alarms = all.filter(({ rows }) => isAlarm(rows)).length;
    const changes = all.map(({ rows }) => rows[0].change);
    const scatters = all.map(({ seconds }) => quantile(seconds, 0.75) / quantile(seconds, 0.25));
    console.log(
      `${title}: ${alarms} of ${all.length} (${((100 * alarms) / all.length).toFixed(1)} %); median change ×${quantile(changes, 0.5).toFixed(3)}; upper quartile of trials ×${quantile(scatters, 0.5).toFixed(2)} of the lower`,
    );
  }
  return all.filter(({ rows }) => isAlarm(rows)).length / all.length;
}

function quantile(numbers, share) {
  return numbers.toSorted((a, b) => a - b)[Math.floor(share * (numbers.length - 1))];
}

const isRegression = ({ verdict }) => verdict === 'regression' || verdict === 'lost';
try {
  if (values.only !== 'slower') {
    const share = await shareOf('Equals, alarms', 1, (rows) => rows.some(isRegression));
    if (share > 0.05) process.exitCode = 1;
  }
  if (values.only !== 'equals') {
    const slowdown = Number(values.slowdown);
    const share = await shareOf(`×${slowdown}, found`, slowdown, ([training]) =>
      isRegression(training),
    );
    if (share < 0.8) process.exitCode = 1;
  }
} finally {
  load.kill();
  rmSync(head, { recursive: true, force: true });
}
