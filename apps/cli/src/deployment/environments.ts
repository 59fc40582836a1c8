import type { EnvironmentSupport } from '@dlcmp/bench-core';

/** What computes natively on a CPU, and so decides where it runs. */
export type Runtime = 'onnxruntime' | 'tensorflow' | 'javascript';

/** Of a contender's adapter and backend; undefined on a GPU, of which nothing is told here. */
export function runtimeOf(adapter: string, backend: string): Runtime | undefined {
  if (/cuda|webgpu/.test(backend)) return undefined;
  if (adapter === 'cnn-onnx') return 'onnxruntime';
  return adapter === 'cnn-tfjs' && backend !== 'wasm' ? 'tensorflow' : 'javascript';
}

const LAMBDA = 'https://docs.aws.amazon.com/lambda/latest/dg/gettingstarted-limits.html';
const ONNX_PACKAGE = 'https://github.com/microsoft/onnxruntime/blob/main/js/node/README.md';
const TENSORFLOW_WHEELS = 'https://pypi.org/project/tensorflow/#files';
const WEBASSEMBLY = 'https://nodejs.org/en/download';
const TRIED_INSTALL = 'pnpm run test:npm-install';

const SUPPORT: Readonly<Record<Runtime, readonly EnvironmentSupport[]>> = {
  onnxruntime: [
    support(
      'Alpine (musl)',
      'no',
      'its binaries need glibc',
      'https://github.com/microsoft/onnxruntime/issues/12439',
    ),
    support('Linux arm64', 'untried', 'binaries are in the package', ONNX_PACKAGE),
    support('Windows', 'untried', 'binaries are in the package', ONNX_PACKAGE),
    support(
      'macOS',
      'untried',
      'binaries for Apple silicon are in the package; none for Intel since 1.24',
      'https://github.com/microsoft/onnxruntime/issues/27961',
    ),
    support('250 MB bundle', 'yes', 'once the other platforms are left out', TRIED_INSTALL),
    support(
      'without scripts',
      'yes',
      'its install script brings nothing but files for NVIDIA GPUs',
      TRIED_INSTALL,
    ),
  ],
  tensorflow: [
    support(
      'Alpine (musl)',
      'no',
      'its wheels are manylinux, which means glibc',
      TENSORFLOW_WHEELS,
    ),
    support('Linux arm64', 'untried', 'there are wheels', TENSORFLOW_WHEELS),
    support(
      'Windows',
      'untried',
      'the wheel has no C interface; the archive of the C library has, and setup takes it by its address',
      'https://www.tensorflow.org/install/lang_c',
    ),
    support('macOS', 'untried', 'there are wheels for Apple silicon', TENSORFLOW_WHEELS),
    support(
      '250 MB bundle',
      'no',
      'the library alone is larger: take a container image, or tfjs:wasm',
      LAMBDA,
    ),
    support(
      'without scripts',
      'yes',
      'no install script brings the library, "dlcmp setup tensorflow" does',
      TRIED_INSTALL,
    ),
  ],
  javascript: [
    support(
      'Alpine (musl)',
      'yes',
      'JavaScript and WebAssembly compute; sharp has binaries for musl',
      'a bench of rf and tfjs:wasm with Node.js 22.20 on musl 1.2.5',
    ),
    ...['Linux arm64', 'Windows', 'macOS'].map((environment) =>
      support(environment, 'untried', 'JavaScript and WebAssembly compute', WEBASSEMBLY),
    ),
    support('250 MB bundle', 'yes', 'it is smaller as npm installs it', TRIED_INSTALL),
    support('without scripts', 'yes', 'what computes has none', TRIED_INSTALL),
  ],
};

/** Whether `runtime` runs in the environments that people ask about, from what is known. */
export function environmentsOf(runtime: Runtime): readonly EnvironmentSupport[] {
  return SUPPORT[runtime];
}

function support(
  environment: string,
  runs: EnvironmentSupport['runs'],
  why: string,
  source: string,
): EnvironmentSupport {
  return { environment, runs, why, source };
}
