import type { Command } from 'commander';

/** Say where a study runs and what is shown meanwhile; whoever repeats it says so anew. */
const OF_ONE_RUN: ReadonlySet<string> = new Set([
  ...['out', 'resume', 'force', 'json', 'quiet', 'report', 'tensorboard', 'mlflow'],
  ...['shard', 'machine', 'runner', 'slurmOption', 'gateCache'],
]);

/** The options that were typed for `command` and that decide what a study is, as they can be typed again. */
export function typedOptions(command: Command): string[] {
  return command.options.flatMap((option) => {
    const name = option.attributeName();
    if (OF_ONE_RUN.has(name) || command.getOptionValueSource(name) !== 'cli') return [];
    const value: unknown = command.getOptionValue(name);
    // `--no-setup` is an option of its own, and so is what it negates.
    if (typeof value === 'boolean') return value === option.negate ? [] : [option.long as string];
    return [option.long as string, typed(value)];
  });
}

function typed(value: unknown): string {
  if (!Array.isArray(value)) return String(value);
  // One number alone is a number of seeds.
  return value.length === 1 && typeof value[0] === 'number' ? `${value[0]},` : value.join(',');
}
