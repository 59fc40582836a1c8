import type {
  ClosedLoopSummary,
  EventLoopDelay,
  LoadSummary,
  ServerRow,
} from '../../results/server-result';

/** A model that a module which serves can open; see `@dlcmp/serving`'s `ServedModel`. */
export interface ModelToServe {
  readonly path: string;
  /** URL of the adapter's module. */
  readonly adapter: string;
  /** ENGINE[@DEVICE] */
  readonly engine?: string;
}

/** What a server's process is to open when it has started. */
export interface OpenServerMessage {
  readonly kind: 'open';
  /** URL of the module that serves: `@dlcmp/serving`. */
  readonly moduleUrl: string;
  readonly row: ServerRow;
  readonly model: ModelToServe;
  /** Of the whole server. */
  readonly threads: number;
  /** Encoded images, for loads within the process. */
  readonly files: readonly string[];
}

/** A load that the server's process puts on itself. */
export type LoadMessage =
  | { readonly kind: 'open-loop'; readonly due: Float64Array; readonly giveUpMs: number }
  | { readonly kind: 'closed-loop'; readonly concurrency: number; readonly seconds: number };

export type ServerMessage =
  | OpenServerMessage
  | LoadMessage
  /** Begins to watch the event loop. */
  | { readonly kind: 'watch' }
  /** How late the event loop was since. */
  | { readonly kind: 'delay' };

/** What each kind of message is answered with. */
export interface ServerAnswers {
  readonly open: { readonly url: string };
  readonly 'open-loop': LoadSummary;
  readonly 'closed-loop': ClosedLoopSummary;
  readonly watch: null;
  readonly delay: EventLoopDelay;
}

export type ServerAnswer =
  | { readonly result: ServerAnswers[ServerMessage['kind']] }
  | { readonly error: { readonly code: string; readonly message: string } };
