import type { GatedContender, ParityGate } from '../results/bench-results';
import type { Check } from '../results/checks';

/** The verdict where nothing was compared. */
export function notApplicable(reason: string): ParityGate {
  return { status: 'not-applicable', reason };
}

/** The verdict over all contenders, naming those that failed. */
export function describeGate(contenders: readonly GatedContender[]): ParityGate {
  const ran = contenders.filter(({ checks }) => !checks.some(isAbsence));
  const absent = contenders.filter(({ checks }) => checks.some(isAbsence));
  const cannot = absent.map(
    ({ contender, checks }) =>
      ` ${contender} could not run: ${checks.find(isAbsence)?.detail?.split('\n', 1)}`,
  );
  if (ran.length === 0)
    return { ...notApplicable(`No CNN can run here.${cannot.join('')}`), contenders };
  const failed = ran.filter(({ passed }) => !passed);
  const verdict =
    failed.length === 0
      ? `${countCnns(ran)} computed what the reference and the others do, on the run's own network, images and batches.${earlierWords(ran)}`
      : `Not comparable: ${failed.map(describeFailure).join('; ')}.`;
  return {
    status: failed.length === 0 ? 'passed' : 'failed',
    reason: `${verdict}${cannot.join('')}`,
    contenders,
  };
}

/** Of verdicts that are an earlier run's. */
function earlierWords(ran: readonly GatedContender[]): string {
  const [earlier] = ran.flatMap(({ ranAt }) => ranAt ?? []).sort();
  if (earlier === undefined) return '';
  return ` This was found on ${earlier.slice(0, 16).replace('T', ' ')} UTC; neither code nor settings, images or machine have changed since.`;
}

function countCnns(ran: readonly GatedContender[]): string {
  const names = new Set(ran.map(({ contender }) => contender));
  return names.size === 1 ? 'The CNN' : `All ${names.size} CNNs`;
}

function isAbsence({ id }: Check): boolean {
  return id === 'ran';
}

/** `cnn-a:cpu fails 2 of 13 checks, first-gradients by 0.8 where 0.001 is the limit (conv2.weight, against …)`. */
function describeFailure({ contender, settings, checks }: GatedContender): string {
  const failed = checks.filter(({ passed }) => !passed);
  const [first] = failed;
  const where = first?.detail === undefined ? '' : ` (${first.detail})`;
  const figure = first?.figure === null ? 'no number' : Number(first?.figure?.toPrecision(3));
  const at = settings ? ` at ${settings.imageSize} pixels, batches of ${settings.batchSize}` : '';
  return `${contender}${at} fails ${failed.length} of ${checks.length} checks, ${first?.id} with ${figure} where ${first?.limit} is the limit${where}`;
}
