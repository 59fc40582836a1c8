import { rememberingSetup } from '@dlcmp/tensorflow/setup';
import type { Command } from 'commander';
import { interruptSignal } from '../progress/interrupt-signal';
import { setupProgress } from '../progress/setup-progress';
import { addSetupCudaCommand } from './setup-cuda';

interface SetupFlags {
  readonly from?: string;
  readonly version?: string;
  readonly gpu?: boolean;
  readonly quiet?: boolean | undefined;
}

const HELP = `
It is fetched with the pip of your Python (DLCMP_PYTHON, else python3), or with uv, whatever index and proxy
they are set up for; failing that, from TensorFlow's own downloads. It goes into dlcmp/tensorflow
in the per-user cache folder. DLCMP_TENSORFLOW names another library to use: a folder, an archive or its
address. An address may state the file's hash: https://…/libtensorflow.tar.gz#sha256=…

Examples:
  $ dlcmp setup tensorflow
  $ dlcmp setup tensorflow --version 2.19.1
  $ dlcmp setup tensorflow --from tensorflow_cpu-2.19.1-cp312-cp312-manylinux_2_17_x86_64.whl
`;

export function addSetupCommand(program: Command): void {
  const setup = program
    .command('setup')
    .summary('bring what is not installed with dlcmp')
    .description('Brings what is not installed with dlcmp.');
  setup
    .command('tensorflow')
    .summary('put a native TensorFlow under TensorFlow.js')
    .description(
      'Fetches an official build of TensorFlow and keeps its library (about 900 MB unpacked), with which TensorFlow.js trains several times faster than on WebAssembly.',
    )
    .option('--from <ARCHIVE>', 'a wheel, .tar.gz or .zip that is already here, or its address')
    .option('--version <VERSION>', 'the version to fetch (default: the newest)')
    .option('--gpu', "the build for NVIDIA's GPUs")
    .option('--quiet', 'no progress')
    .addHelpText('after', HELP)
    .action(setupTensorFlow);
  addSetupCudaCommand(setup);
}

async function setupTensorFlow(flags: SetupFlags): Promise<void> {
  const progress = setupProgress(flags);
  const { from, version, gpu } = flags;
  const signal = interruptSignal();
  const result = await rememberingSetup({ ...progress.options, from, version, gpu, signal });
  progress.finish();
  process.stdout.write(`TensorFlow ${result.version} is in ${result.directory}\n`);
}
