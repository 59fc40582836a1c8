import cliProgress from 'cli-progress';

/** A bar where output is a terminal, a line at every tenth where it is not. */
export interface ProgressLine {
  update(completed: number, total: number, note?: string): void;
  /** A line that stays, above the bar. */
  remark(text: string): void;
  /** Takes the bar away. */
  finish(): void;
}

/** Progress goes to standard error, so that standard output holds results alone. */
export function startProgress(
  label: string,
  options: { quiet?: boolean | undefined } = {},
): ProgressLine {
  if (options.quiet) return { update: () => {}, remark: () => {}, finish: () => {} };
  return process.stderr.isTTY ? terminalBar(label) : plainLines(label);
}

const ERASE_LINE = '\u001b[K';

function terminalBar(label: string): ProgressLine {
  const bar = new cliProgress.SingleBar(
    {
      format: `${label} {bar} {percentage}% {note} {eta_formatted} left`,
      // With label, note and time left, a line fits 80 columns.
      barsize: 12,
      hideCursor: true,
      clearOnComplete: true,
      stopOnComplete: false,
      stream: process.stderr,
    },
    cliProgress.Presets.shades_classic,
  );
  let started = false;
  return {
    update(completed, total, note = '') {
      if (started) bar.setTotal(total);
      else bar.start(total, 0, { note });
      started = true;
      bar.update(completed, { note });
    },
    remark(text) {
      process.stderr.write(`\r${ERASE_LINE}${text}\n`);
    },
    finish() {
      if (started) bar.stop();
      started = false;
    },
  };
}

const TENTHS = 10;

function plainLines(label: string): ProgressLine {
  let lastTenth = 0;
  return {
    update(completed, total, note = '') {
      const tenth = Math.floor((completed / Math.max(total, 1)) * TENTHS);
      if (tenth <= lastTenth) return;
      lastTenth = tenth;
      process.stderr.write(`${label}: ${completed}/${total} ${note}`.trimEnd().concat('\n'));
    },
    remark(text) {
      process.stderr.write(`${text}\n`);
    },
    finish() {},
  };
}
