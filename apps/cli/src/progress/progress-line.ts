import { type Terminal, TerminalBar } from './terminal-bar';

/** A bar where output is a terminal, a line at every tenth where it is not. */
export interface ProgressLine {
  update(completed: number, total: number, note?: string): void;
  /** A line that stays, above the bar. */
  remark(text: string): void;
  /** Takes the bar away. */
  finish(): void;
}

/** Where progress goes: standard error, so that standard output holds results alone. */
export type ProgressStream = Terminal & { readonly isTTY?: boolean };

interface ProgressOptions {
  readonly quiet?: boolean | undefined;
  /** Default: standard error. */
  readonly stream?: ProgressStream | undefined;
}

/** The bar that is drawn, if one is. */
let active: TerminalBar | undefined;

/** Progress of something that is counted. One at a time. */
export function startProgress(
  label: string,
  { quiet, stream = process.stderr }: ProgressOptions = {},
): ProgressLine {
  if (quiet) return { update: () => {}, remark: () => {}, finish: () => {} };
  return stream.isTTY ? terminalLine(label, stream) : plainLines(label, stream);
}

/** A line that stays, above the bar that is drawn, if one is. */
export function say(text: string, stream: ProgressStream = process.stderr): void {
  if (active) active.writeAbove(`${text}\n`);
  else stream.write(`${text}\n`);
}

function terminalLine(label: string, stream: ProgressStream): ProgressLine {
  const bar = new TerminalBar(label, stream);
  return {
    update(completed, total, note = '') {
      if (active !== bar) active?.finish();
      active = bar;
      bar.update(completed, total, note);
    },
    remark: (text) => say(text, stream),
    finish() {
      bar.finish();
      if (active === bar) active = undefined;
    },
  };
}

const TENTHS = 10;

function plainLines(label: string, stream: ProgressStream): ProgressLine {
  let lastTenth = 0;
  return {
    update(completed, total, note = '') {
      const tenth = Math.floor((completed / Math.max(total, 1)) * TENTHS);
      if (tenth <= lastTenth) return;
      lastTenth = tenth;
      stream.write(`${label}: ${completed}/${total} ${note}`.trimEnd().concat('\n'));
    },
    remark: (text) => say(text, stream),
    finish() {},
  };
}
