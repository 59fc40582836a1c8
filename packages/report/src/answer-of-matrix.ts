import {
  type AdapterComparison,
  type Contender,
  contenderTitle,
  describeSettings,
} from '@dlcmp/bench-core/results';
import { counted } from '@dlcmp/contract';
import { divisionsOf, isNetwork } from './divisions';
import { MOST_ACCURATE, outcomesOf, QUICKEST } from './winners';

/** Contenders with the same settings; forests, which have none, are in all. */
interface Field {
  readonly settings: string;
  readonly contenders: readonly Contender[];
}

/** In a matrix: in how many of its settings each wins, and a line for each figure; undefined outside of one. */
export function answerOfMatrix(
  contenders: readonly Contender[],
  comparisons: readonly AdapterComparison[],
  seeds: string,
): { readonly headline: string; readonly margins: readonly string[] } | undefined {
  const fields = fieldsOf(contenders);
  if (fields.length < 2) return undefined;
  const line = (name: string, winnerOf: (field: Field) => Contender | undefined) =>
    `${name}: ${tally(fields.map((field) => ({ ...field, winner: winnerOf(field) })))}.`;
  const prefixes = divisionsOf(contenders).map(({ prefix }) => prefix);
  const times = prefixes.flatMap((prefix) =>
    QUICKEST.map((question) =>
      line(capital(`${prefix}${question.superlative}`), (field) => {
        const members = divisionsOf(contenders)
          .find((division) => division.prefix === prefix)!
          .contenders.filter((contender) => field.contenders.includes(contender));
        return outcomesOf([question], members, comparisons)[0]!.winner;
      }),
    ),
  );
  const accuracy = line(
    capital(MOST_ACCURATE.superlative),
    (field) => outcomesOf([MOST_ACCURATE], field.contenders, comparisons)[0]!.winner,
  );
  const headline = `${counted(fields.length, 'combination')} of settings were compared, over ${seeds}; a winner stands only where it is ahead of all others beyond chance and bias.`;
  return { headline, margins: [...times, accuracy] };
}

function fieldsOf(contenders: readonly Contender[]): Field[] {
  const forests = contenders.filter((contender) => !isNetwork(contender));
  const networks = contenders.filter(isNetwork);
  const settingsOf = ({ settings }: Contender) => (settings ? describeSettings(settings) : '');
  return [...new Set(networks.map(settingsOf))].map((settings) => ({
    settings,
    contenders: [...networks.filter((one) => settingsOf(one) === settings), ...forests],
  }));
}

function tally(
  winners: readonly { readonly settings: string; readonly winner: Contender | undefined }[],
): string {
  const names = winners.map(({ winner }) => (winner ? plainTitle(winner) : 'undecided'));
  return [...new Set(names)]
    .map((name) => {
      const where = winners.filter((_, i) => names[i] === name).map(({ settings }) => settings);
      return where.length === winners.length
        ? `${name} in all`
        : `${name} in ${where.length} (${where.join('; ')})`;
    })
    .join(', ');
}

/** Without the settings that tell a matrix's contenders apart. */
function plainTitle({ completed: [trial] }: Contender): string {
  return contenderTitle(trial!);
}

function capital(text: string): string {
  return text.charAt(0).toUpperCase() + text.slice(1);
}
