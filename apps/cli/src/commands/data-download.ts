import { counted } from '@dlcmp/contract';
import { type Dataset, type DownloadProgress, downloadIntel } from '@dlcmp/data';
import type { Command } from 'commander';
import { DATA_DIRECTORY } from '../prepare/choose-dataset';
import { interruptSignal } from '../progress/interrupt-signal';
import { type ProgressLine, startProgress } from '../progress/progress-line';

interface DownloadFlags {
  readonly target: string;
  readonly from?: string;
  readonly url?: string;
  readonly quiet?: boolean | undefined;
}

const HELP = `
An interrupted download goes on where it stopped; a server that sends nothing for 30 s is asked
again, five times. Where it asks for an account, set KAGGLE_USERNAME and KAGGLE_KEY (kaggle.com,
Settings, API), or download the archive in a browser and pass it with --from.

Examples:
  $ dlcmp data download
  $ dlcmp data download --from archive.zip
`;

export function addDataDownloadCommand(data: Command): void {
  data
    .command('download')
    .summary('bring the Intel scene images')
    .description(
      'Downloads the Intel Image Classification data set (about 360 MB) from Kaggle, checks it and unpacks it.',
    )
    .option('--target <DIR>', 'where the images go', DATA_DIRECTORY)
    .option('--from <FILE.zip>', 'unpack an archive that is already here')
    .option('--url <URL>', 'another address of the archive')
    .option('--quiet', 'no progress')
    .addHelpText('after', HELP)
    .action(download);
}

async function download({ target, from, url, quiet }: DownloadFlags): Promise<void> {
  const show = downloadProgress(quiet);
  const { KAGGLE_USERNAME: username, KAGGLE_KEY: key } = process.env;
  try {
    const { dataset, verified } = await downloadIntel({
      target,
      from,
      url,
      ...(username && key && { credentials: { username, key } }),
      signal: interruptSignal(),
      onProgress: show.update,
      onDelay: show.remark,
    });
    process.stdout.write(describe(target, dataset, from === undefined ? verified : undefined));
  } finally {
    show.finish();
  }
}

/** `verified` is undefined where no server could state an MD5. */
function describe(target: string, dataset: Dataset, verified: boolean | undefined): string {
  const { train, test, notes } = dataset;
  const counts = `${target} holds ${train.length} training and ${counted(test.length, 'test image')}`;
  const checks = {
    true: '; its MD5 agrees with the server’s',
    false: '; no MD5 was stated to check it by',
    undefined: '',
  };
  return [`${counts}${checks[`${verified}`]}.`, ...notes, ''].join('\n');
}

const MEGABYTE = 1e6;

function downloadProgress(quiet: boolean | undefined) {
  const lines: Partial<Record<DownloadProgress['phase'], ProgressLine>> = {};
  const labels = { download: 'Downloading', unpack: 'Unpacking' };
  return {
    update({ phase, completedBytes, totalBytes }: DownloadProgress) {
      if (phase === 'unpack') lines.download?.finish();
      lines[phase] ??= startProgress(labels[phase], { quiet });
      const size = `${(completedBytes / MEGABYTE).toFixed(1)} MB`;
      lines[phase].update(completedBytes, totalBytes ?? completedBytes * 2, size);
    },
    /** Above the bar, where there is one. */
    remark(sentence: string) {
      lines.download ??= startProgress(labels.download, { quiet });
      lines.download.remark(sentence);
    },
    finish() {
      lines.download?.finish();
      lines.unpack?.finish();
    },
  };
}
