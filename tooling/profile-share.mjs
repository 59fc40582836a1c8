/**
 * Where the processor's time of a training goes: in the framework's library, in code made from JavaScript and WebAssembly
 * (this project's kernels, where an engine has some), in Node.js itself, in the C library and the operating system.
 *
 *   node tooling/profile-share.mjs onnx:graph,onnx:blocks --data FOLDER --limit 600 --epochs 2
 *
 * Each contender trains in a process of its own under Linux's `perf` (Debian's package linux-perf), which looks 199 times a
 * second at what every thread computes. Code that was made while it ran is JavaScript or WebAssembly where Node.js has written its name
 * down; the rest the framework made (oneDNN writes its kernels so). Prints a table in Markdown.
 */
import { execFileSync, spawnSync } from 'node:child_process';
import { mkdtempSync, readdirSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join, resolve } from 'node:path';

/** The first whose pattern fits the file that the code came from. */
const KINDS = [
  {
    title: 'the framework',
    files: /onnxruntime|tensorflow|torch|mkldnn|dnnl|protobuf|made by the framework/,
  },
  { title: 'JavaScript and WebAssembly', files: /made by Node\.js/ },
  { title: 'Node.js', files: /^node$|\.node$/ },
  { title: 'C library', files: /^(libc|libm|libpthread|libstdc|libgcc|libgomp|ld-linux|\[vdso)/ },
  { title: 'operating system', files: /kernel/ },
  { title: 'others', files: /./ },
];

const [contenders, ...options] = process.argv.slice(2);
if (!contenders) {
  console.error(
    'Name contenders: node tooling/profile-share.mjs onnx:graph,onnx:blocks [options of dlcmp train]',
  );
  process.exit(2);
}
if (spawnSync('perf', ['--version']).error) {
  console.error('perf is not installed: apt-get install linux-perf, or what your system calls it.');
  process.exit(2);
}

const command = resolve('apps/cli/dist/bin.js');
const mapFiles = () => readdirSync('/tmp').filter((name) => /^perf-\d+\.map$/.test(name));
const mapsBefore = new Set(mapFiles());
const workshop = mkdtempSync(join(tmpdir(), 'dlcmp-profile-'));

/** Share of the samples, 0–1, by kind. */
function profile(contender) {
  const data = join(workshop, 'perf.data');
  const model = join(workshop, 'model');
  const train = [command, 'train', contender, ...options, '--out', model];
  const record = ['record', '--quiet', '--event', 'cpu-clock', '--freq', '199', '--output', data];
  execFileSync('perf', [...record, process.execPath, ...train], {
    stdio: ['ignore', 2, 'inherit'],
    // By the environment, so that processes which the command starts write down the names of their code too.
    env: { ...process.env, NODE_OPTIONS: '--perf-basic-prof' },
  });
  const columns = ['--show-nr-samples', '--sort', 'dso,sym', '--field-separator', ','];
  const report = ['report', '--stdio', ...columns, '--input', data];
  const lines = execFileSync('perf', report, {
    ...{ encoding: 'utf8', maxBuffer: 2 ** 30 },
    stdio: ['ignore', 'pipe', 'ignore'],
  });
  rmSync(model, { recursive: true });
  return sharesByKind(lines);
}

/** Of the lines `PERCENT,SAMPLES,FILE,SYMBOL` of perf's report. */
function sharesByKind(report) {
  const counts = new Map(KINDS.map(({ title }) => [title, 0]));
  for (const [, samples, file, symbol] of report.matchAll(
    /^ *[\d.]+% *, *(\d+) *,(.+?) *,(.+)$/gm,
  )) {
    const maker = /\] 0x[0-9a-f]+/.test(symbol) ? 'made by the framework' : 'made by Node.js';
    const source = /\[JIT\]|anon|jitted|perf-\d+\.map/.test(file) ? maker : file;
    const { title } = KINDS.find(({ files }) => files.test(source));
    counts.set(title, counts.get(title) + Number(samples));
  }
  const total = [...counts.values()].reduce((sum, count) => sum + count, 0);
  if (total === 0) throw new Error(`perf's report was not understood:\n${report}`);
  return new Map([...counts].map(([title, count]) => [title, count / total]));
}

try {
  const titles = KINDS.map(({ title }) => title);
  console.log(`| contender | ${titles.join(' | ')} |`);
  console.log(`| --- | ${titles.map(() => '---: |').join(' ')}`);
  for (const contender of contenders.split(',')) {
    const shares = profile(contender);
    const cells = titles.map((title) => `${(100 * shares.get(title)).toFixed(0)} %`);
    console.log(`| \`${contender}\` | ${cells.join(' | ')} |`);
  }
} finally {
  // Where perf looks for the names of code that Node.js made, and what Node.js writes beside.
  for (const name of readdirSync('.')) if (/^isolate-.*-v8\.log$/.test(name)) rmSync(name);
  for (const map of mapFiles()) if (!mapsBefore.has(map)) rmSync(join('/tmp', map));
  rmSync(workshop, { recursive: true, force: true });
}
