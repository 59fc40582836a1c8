import { contenderTitle } from '../metrics/contender-title';
import { type Contender, groupByContender } from '../metrics/contenders';
import type { BenchResults } from '../results/bench-results';
import type { StudyPart } from './study-part';

/** A seed of which trials are not there. */
export interface MissingBlock {
  readonly seed: number;
  /** Contenders without a trial of it; all of them where nobody ran the block. */
  readonly contenders: readonly string[];
  /** What runs it, as a shell takes it. */
  readonly command: string;
}

/**
 * What `results`, merged from `parts`, lack of their configuration.
 *
 * @param out folder of the merged results; what is missing goes to folders named after it
 */
export function missingBlocks(
  results: BenchResults,
  parts: readonly StudyPart[],
  out: string,
): MissingBlock[] {
  const { seeds } = results.configuration;
  const contenders = groupByContender(results);
  return seeds.flatMap((seed, at) => {
    const missing = contenders.filter(({ missingSeeds }) => missingSeeds.includes(seed));
    if (missing.length === 0) return [];
    const begun = parts.find(
      (part) => part.results.shard && part.results.trials.some((trial) => trial.seed === seed),
    );
    const shard = begun?.results.shard ?? { index: at + 1, count: seeds.length };
    const where = begun
      ? [begun.directory, '--resume']
      : [`${out}-block-${shard.index}-of-${shard.count}`];
    const command = [
      ...['dlcmp', 'bench', ...optionsOf(missing, parts)],
      ...['--shard', `${shard.index}/${shard.count}`, '--out', ...where],
    ];
    return [
      { seed, contenders: missing.map(contenderTitle), command: command.map(shellWord).join(' ') },
    ];
  });
}

/** Those of a part that was to hold all of `missing`. */
function optionsOf(missing: readonly Contender[], parts: readonly StudyPart[]): readonly string[] {
  const holdsAll = ({ results: { configuration } }: StudyPart) =>
    missing.every(({ adapter, backend }) =>
      configuration.adapters.some((one) => one.adapter === adapter && one.backend === backend),
    );
  return (parts.find(holdsAll) ?? parts[0])?.results.command?.options ?? [];
}

/** `word` as a POSIX shell reads it back. */
export function shellWord(word: string): string {
  return /^[\w@%+=:,./-]+$/.test(word) ? word : `'${word.replaceAll("'", "'\\''")}'`;
}
