/** A terminal, as much of it as a bar needs. */
export interface Terminal {
  /** Its width now; undefined = unknown. */
  readonly columns?: number;
  write(text: string): unknown;
  on(event: 'resize', listener: () => void): unknown;
  off(event: 'resize', listener: () => void): unknown;
}

/** From the cursor to the end of the screen: all of a bar, also where a terminal that became narrower has wrapped it. */
const ERASE_BELOW = '\u001b[J';
const REDRAW_MS = 100;
const BAR_WIDTH = 12;
const DEFAULT_COLUMNS = 80;

/**
 * A bar on the last line, redrawn in place. The cursor is left at its beginning: whatever is written next goes over the bar,
 * and no line before it is touched, whatever the terminal does when its size changes.
 */
export class TerminalBar {
  readonly #label: string;
  readonly #terminal: Terminal;
  readonly #began: number;
  readonly #now: () => number;
  #state: { completed: number; total: number; note: string } | undefined;
  #drawnAt = Number.NEGATIVE_INFINITY;
  readonly #redraw = () => this.#draw();

  /** @param now milliseconds of a monotonic clock */
  constructor(label: string, terminal: Terminal, now: () => number = () => performance.now()) {
    this.#label = label;
    this.#terminal = terminal;
    this.#now = now;
    this.#began = now();
  }

  update(completed: number, total: number, note: string): void {
    if (!this.#state) this.#terminal.on('resize', this.#redraw);
    this.#state = { completed, total, note };
    if (this.#now() - this.#drawnAt >= REDRAW_MS) this.#draw();
  }

  /** Writes `text`, of whole lines, above the bar. */
  writeAbove(text: string): void {
    this.#terminal.write(`${this.#state ? ERASE_BELOW : ''}${text}`);
    this.#draw();
  }

  /** Takes the bar away. */
  finish(): void {
    if (!this.#state) return;
    this.#state = undefined;
    this.#terminal.off('resize', this.#redraw);
    this.#terminal.write(ERASE_BELOW);
  }

  #draw(): void {
    if (!this.#state) return;
    this.#drawnAt = this.#now();
    // A line as wide as the terminal would leave the cursor on the next one in some.
    const width = (this.#terminal.columns || DEFAULT_COLUMNS) - 1;
    this.#terminal.write(`${ERASE_BELOW}${this.#line(this.#state).slice(0, width)}\r`);
  }

  #line({ completed, total, note }: { completed: number; total: number; note: string }): string {
    const share = Math.min(completed / Math.max(total, 1), 1);
    const full = Math.round(share * BAR_WIDTH);
    const bar = '█'.repeat(full) + '░'.repeat(BAR_WIDTH - full);
    const left = share > 0 ? `${this.#left(share)} left` : '';
    return [this.#label, bar, `${Math.floor(share * 100)}%`, note, left].filter(Boolean).join(' ');
  }

  #left(share: number): string {
    const seconds = Math.round(((this.#now() - this.#began) / 1000) * (1 / share - 1));
    if (seconds < 60) return `${seconds}s`;
    if (seconds < 3600) return `${Math.floor(seconds / 60)}m${seconds % 60}s`;
    return `${Math.floor(seconds / 3600)}h${Math.floor((seconds % 3600) / 60)}m`;
  }
}
