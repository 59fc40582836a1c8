/**
 * Where the processor's time of a training goes: in the framework's library, in code made from JavaScript and WebAssembly
 * (this project's kernels, where an engine has some), in Node.js itself, in the C library and the operating system.
 *
 *   node tooling/profile-share.mjs onnx:graph,onnx:blocks --data FOLDER --limit 600 --epochs 2
 *
 * Each contender trains in a process of its own under Linux's `perf` (Debian's package linux-perf), which looks 199 times a
 * second at what every thread computes. Prints a table in Markdown.
 */
import { execFileSync, spawnSync } from 'node:child_process';
import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join, resolve } from 'node:path';

/** The first whose pattern fits the file that the code came from. */
const KINDS = [
  { title: "the framework's library", files: /onnxruntime|tensorflow|torch|mkldnn|dnnl|protobuf/ },
  { title: 'JavaScript and WebAssembly', files: /\[JIT\]|anon|jitted/ },
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
const workshop = mkdtempSync(join(tmpdir(), 'dlcmp-profile-'));

/** Share of the samples, 0–1, by kind. */
function profile(contender) {
  const data = join(workshop, 'perf.data');
  const model = join(workshop, 'model');
  const train = [command, 'train', contender, ...options, '--out', model];
  const record = ['record', '--quiet', '--event', 'cpu-clock', '--freq', '199', '--output', data];
  execFileSync('perf', [...record, process.execPath, ...train], {
    stdio: ['ignore', 2, 'inherit'],
  });
  const report = ['report', '--stdio', '--sort', 'dso', '--field-separator', ',', '--input', data];
  const lines = execFileSync('perf', report, {
    encoding: 'utf8',
    stdio: ['ignore', 'pipe', 'ignore'],
  });
  rmSync(model, { recursive: true });
  return sharesByKind(lines);
}

/** Of the lines `PERCENT,FILE` of perf's report. */
function sharesByKind(report) {
  const shares = new Map(KINDS.map(({ title }) => [title, 0]));
  for (const [, percent, file] of report.matchAll(/^ *(\d+\.\d+)%?,(.+?) *$/gm)) {
    const { title } = KINDS.find(({ files }) => files.test(file));
    shares.set(title, shares.get(title) + Number(percent) / 100);
  }
  return shares;
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
  rmSync(workshop, { recursive: true, force: true });
}
