import { assertArgument } from '@dlcmp/contract';
import {
  type CudaRequirement,
  driverServes,
  examineCuda,
  OLDEST_DRIVER,
  type PlannedPackage,
  planCudaSetup,
  readNvidiaGpus,
  setupCuda,
} from '@dlcmp/cuda';
import { type Command, Option } from 'commander';
import { CUDA_REQUIREMENTS } from '../cuda/cuda-adapters';
import { describeGpus } from '../cuda/describe-cuda';
import { EXIT } from '../exit-codes';
import { nameList } from '../options/parse-values';
import { interruptSignal } from '../progress/interrupt-signal';

const NAMES = Object.keys(CUDA_REQUIREMENTS);

interface SetupCudaFlags {
  readonly adapters: readonly string[];
  readonly force?: boolean;
  readonly dryRun?: boolean;
  readonly quiet?: boolean;
}

const HELP = `
What is here already, in the system or in your Python's packages, is used and not fetched again. The rest is
fetched with the pip of your Python (DLCMP_PYTHON, else python3), or with uv, whatever index and proxy they are
set up for, and goes into dlcmp/cuda in the per-user cache folder. DLCMP_CUDA names folders to take
libraries from instead.

Examples:
  $ dlcmp setup cuda --dry-run
  $ dlcmp setup cuda
  $ dlcmp setup cuda --adapters onnx
`;

export function addSetupCudaCommand(setup: Command): void {
  setup
    .command('cuda')
    .summary("bring what the adapters need for NVIDIA's GPUs")
    .description(
      "Brings what is missing for training on NVIDIA's GPUs: the frameworks' builds for CUDA and NVIDIA's libraries. Says beforehand what is fetched, how large it is and under which licence.",
    )
    .addOption(
      new Option('--adapters <LIST>', 'the adapters to set up')
        .argParser(nameList)
        .default(NAMES, NAMES.join(',')),
    )
    .option('--dry-run', 'say what would be fetched, and fetch nothing')
    .option('--force', 'fetch even where no GPU that could use it is found')
    .option('--quiet', "without pip's progress")
    .addHelpText('after', HELP)
    .action(async (flags: SetupCudaFlags) => {
      process.exitCode = await setUp(flags);
    });
}

async function setUp(flags: SetupCudaFlags): Promise<number> {
  const requirements = flags.adapters.map(findRequirement);
  const report = await readNvidiaGpus();
  print(describeGpus(report).join('\n'));
  if (!report.available && !flags.force) {
    print(
      'Nothing is fetched. Every adapter runs on the CPU as it is; --force fetches all the same.',
    );
    return EXIT.failure;
  }
  let done = true;
  for (const [name, requirement] of requirements) {
    const driver = report.available ? report.driverVersion : undefined;
    done = (await setUpAdapter(name, requirement, driver, flags)) && done;
  }
  return done ? EXIT.success : EXIT.failure;
}

function findRequirement(name: string): readonly [string, CudaRequirement] {
  const requirement = CUDA_REQUIREMENTS[name];
  assertArgument(
    requirement !== undefined,
    `--adapters: ${name} has no backend for CUDA. Choose from: ${NAMES.join(', ')}.`,
  );
  return [name, requirement];
}

/** Whether the adapter has everything in the end. */
async function setUpAdapter(
  name: string,
  requirement: CudaRequirement,
  driver: string | undefined,
  { force = false, dryRun = false, quiet = false }: SetupCudaFlags,
): Promise<boolean> {
  const { consumer, major } = requirement;
  if (driver !== undefined && !driverServes(driver, major) && !force) {
    print(
      `\n${name}: ${consumer} needs CUDA ${major}, and so a driver of ${OLDEST_DRIVER[major]} or later. Nothing is fetched.`,
    );
    return false;
  }
  const { framework, libraries } = await examineCuda(requirement);
  const missing = libraries.missing.map((library) => library.name);
  const packages = planCudaSetup(requirement, missing, framework === undefined);
  if (packages.length === 0) {
    print(`\n${name}: ${consumer} and CUDA ${major} are complete.`);
    return true;
  }
  print(`\n${name}: ${consumer} on CUDA ${major} needs, to be fetched:\n${packageList(packages)}`);
  if (dryRun) return true;
  const directory = await setupCuda({
    major,
    packages,
    visible: !quiet,
    signal: interruptSignal(),
  });
  print(`${name}: they are in ${directory}`);
  return true;
}

function packageList(packages: readonly PlannedPackage[]): string {
  const lines = packages.map(
    ({ requested, megabytes, licence }) =>
      `  ${requested.padEnd(34)} ${String(megabytes).padStart(5)} MB  ${licence}`,
  );
  const total = packages.reduce((sum, { megabytes }) => sum + megabytes, 0);
  return [
    ...lines,
    `  ${'together'.padEnd(34)} ${String(total).padStart(5)} MB, about twice that on disk`,
  ].join('\n');
}

function print(text: string): void {
  process.stdout.write(`${text}\n`);
}
