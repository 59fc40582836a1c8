import { describe, expect, it } from '@jest/globals';
import { runCommand, runFirstCommand } from '../src/run-command';

const quiet = { visible: false };
const node = (code: string) => [process.execPath, '-e', code] as const;

describe('runCommand', () => {
  it('fails with the last line that says error', async () => {
    const [program, ...args] = node(
      "console.error('start\\nERROR: no such wheel\\nnotice: a new pip'); process.exit(1)",
    );
    await expect(runCommand(program, args, quiet)).rejects.toThrow('failed: ERROR: no such wheel');
  });

  it("reads why nobody was reached out of pip's warnings", async () => {
    const warning =
      "WARNING: Retrying (Retry(total=0)) after connection broken by 'NewConnectionError('<HTTPSConnection object at 0x7f>: Failed to establish a new connection: [Errno -3] Temporary failure in name resolution')': /simple/tensorflow-cpu/";
    const lines = `${warning}\nERROR: No matching distribution found`;
    const [program, ...args] = node(`console.error(${JSON.stringify(lines)}); process.exit(1)`);
    await expect(runCommand(program, args, quiet)).rejects.toThrow(
      'ERROR: No matching distribution found (no connection: Temporary failure in name resolution)',
    );
  });
});

describe('runFirstCommand', () => {
  it('is content with the first that comes to its end', async () => {
    await runFirstCommand([['there-is-no-such-program'], node(''), node('process.exit(3)')], quiet);
  });

  it('says why each failed', async () => {
    const commands = [['there-is-no-such-program'], node('process.exit(3)')];
    await expect(runFirstCommand(commands, quiet)).rejects.toThrow(
      /there-is-no-such-program ENOENT; .* failed: exit code 3/,
    );
  });

  it('tries no other once it was aborted', async () => {
    const signal = AbortSignal.abort(new Error('enough'));
    await expect(runFirstCommand([node(''), node('')], { ...quiet, signal })).rejects.toThrow(
      'enough',
    );
  });
});
