/** Nothing came from a server for as long as was allowed. */
export class ServerSilent extends Error {}

/** Times how long a server has sent nothing. */
export interface SilenceWatch {
  /** Aborts with {@link ServerSilent} at the limit, and whenever the caller's own signal does. */
  readonly signal: AbortSignal;
  /** Something came. */
  heard(): void;
  stop(): void;
}

export interface SilenceOptions {
  /** Milliseconds of silence after which {@link SilenceWatch.signal} aborts. */
  readonly limitMs: number;
  readonly signal?: AbortSignal | undefined;
  /** Told after each sixth of the limit that passes without a byte: milliseconds of silence so far. */
  onSilence(silentMs: number): void;
}

const REPORTS = 6;

/** Begins to time a server's silence. */
export function watchSilence({ limitMs, signal, onSilence }: SilenceOptions): SilenceWatch {
  const controller = new AbortController();
  const period = limitMs / REPORTS;
  let reports = 0;
  const timer = setInterval(() => {
    reports++;
    if (reports < REPORTS) onSilence(reports * period);
    else controller.abort(new ServerSilent(`it sent nothing for ${limitMs / 1000} s`));
  }, period);
  return {
    signal: signal ? AbortSignal.any([signal, controller.signal]) : controller.signal,
    heard() {
      reports = 0;
      timer.refresh();
    },
    stop: () => clearInterval(timer),
  };
}
