import { type DlcmpErrorCode, isDlcmpError, printable } from '@dlcmp/contract';
import { type Command, CommanderError } from 'commander';
import { EXIT } from './exit-codes';
import { createProgram } from './program';
import { interruptedStatus } from './progress/interrupt-signal';

/** Errors that a user can mend: said in one line, without a stack. */
const EXIT_OF_ERROR: Readonly<Record<Exclude<DlcmpErrorCode, 'ABORTED'>, number>> = {
  INVALID_ARGUMENT: EXIT.usage,
  INVALID_DATA: EXIT.usage,
  INVALID_FILE: EXIT.usage,
  FRAMEWORK_MISSING: EXIT.usage,
  BACKEND_UNAVAILABLE: EXIT.usage,
  NOT_FITTED: EXIT.failure,
  DISPOSED: EXIT.failure,
  DIVERGED: EXIT.failure,
  PEER_FAILED: EXIT.failure,
  OVERLOADED: EXIT.failure,
  WORKER_FAILED: EXIT.failure,
};

/** Parses `argv` (as `process.argv`), runs the command and returns the exit status. */
export async function runCli(argv: readonly string[]): Promise<number> {
  const program = createProgram();
  exitByThrowing(program);
  try {
    await program.parseAsync(argv);
    return Number(process.exitCode ?? EXIT.success);
  } catch (error) {
    if (error instanceof CommanderError) return error.exitCode === 0 ? EXIT.success : EXIT.usage;
    if (!isDlcmpError(error)) throw error;
    process.stderr.write(`error: ${printable(error.message)}\n`);
    return error.code === 'ABORTED' ? interruptedStatus() : EXIT_OF_ERROR[error.code];
  }
}

function exitByThrowing(command: Command): void {
  command.exitOverride();
  for (const child of command.commands) exitByThrowing(child);
}
