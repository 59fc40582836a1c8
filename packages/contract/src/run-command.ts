import { spawn } from 'node:child_process';

export interface CommandOptions {
  /** Whether the user sees what it prints, on standard error. */
  readonly visible: boolean;
  readonly signal?: AbortSignal | undefined;
}

const STANDARD_ERROR = 2;

/**
 * Runs a program to its end.
 *
 * @throws with the last line that it printed as an error
 */
export function runCommand(
  program: string,
  args: readonly string[],
  { visible, signal }: CommandOptions,
): Promise<void> {
  return new Promise((resolve, reject) => {
    const stdout = visible ? STANDARD_ERROR : 'ignore';
    // Said though it is the default: that of whoever calls, where several share a process, as in jest.
    const { env } = process;
    const child = spawn(program, args, { stdio: ['ignore', stdout, 'pipe'], signal, env });
    let errors = '';
    child.stderr?.on('data', (chunk: Buffer) => {
      errors += chunk;
      if (visible) process.stderr.write(chunk);
    });
    child.once('error', reject);
    child.once('close', (code) => {
      if (code === 0) resolve();
      else reject(new Error(`${program} failed: ${lastError(errors) ?? `exit code ${code}`}`));
    });
  });
}

/**
 * Runs the first of `commands`, each a program and its arguments, that comes to its end.
 *
 * @throws saying why each failed
 */
export async function runFirstCommand(
  commands: readonly (readonly string[])[],
  options: CommandOptions,
): Promise<void> {
  const failures: string[] = [];
  for (const [program, ...args] of commands) {
    try {
      await runCommand(program as string, args, options);
      return;
    } catch (error) {
      options.signal?.throwIfAborted();
      failures.push(error instanceof Error ? error.message : String(error));
    }
  }
  throw new Error(failures.join('; '));
}

/**
 * The last line that says what went wrong, and why nobody could be reached, which pip says in warnings only; pip adds
 * advice about its own version after it.
 */
function lastError(output: string): string | undefined {
  const lines = output.split('\n').filter((line) => line.trim() !== '');
  const error = lines.findLast((line) => /^error/i.test(line)) ?? lines.at(-1);
  const [, connection] =
    /connection broken by .*: (?:\[Errno -?\d+\] )?(.+?)'\)/.exec(output) ?? [];
  return connection ? `${error} (no connection: ${connection})` : error;
}
