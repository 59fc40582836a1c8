import {
  bytesPerImage,
  type Classifier,
  type ImageSize,
  type LabelledImages,
} from '@dlcmp/contract';
import type { Check } from '../../results/checks';
import type { Clock } from '../clock';
import { type AuditId, judged } from './audit-definitions';
import { firstPassed } from './first-passed';
import { unseenImages } from './unseen-images';

interface Pairing {
  readonly id: AuditId;
  readonly batchSize: number;
  readonly fewest: number;
  readonly most: number;
}

/** Fewer pairs than these say too little, and no more are begun after {@link BUDGET_SECONDS}. */
const PAIRINGS: readonly Pairing[] = [
  { id: 'unseen-latency', batchSize: 1, fewest: 15, most: 60 },
  { id: 'unseen-batches', batchSize: 32, fewest: 2, most: 12 },
];
const BUDGET_SECONDS = 0.5;
/** A difference below it is no one's memory: a timer's and a collector's doing. */
const SLACK_SECONDS = 0.00005;

/**
 * Whether answers are looked up: has `classifier` predict images that it has seen many times and others that it has never
 * seen, in turns, and compares the quickest of both: whatever else the machine does makes a call slower, and none quicker.
 */
export async function auditUnseenSpeed(
  classifier: Classifier,
  images: LabelledImages,
  size: ImageSize,
  clock: Clock,
): Promise<Check[]> {
  const checks: Check[] = [];
  for (const [place, pairing] of PAIRINGS.entries()) {
    const attempt = async (round: number) => {
      const { seen, unseen } = await timePairs(classifier, images, size, clock, pairing, round);
      const [fresh, known] = [Math.min(...unseen), Math.min(...seen)];
      const detail = `quickest of ${unseen.length}: ${milliseconds(fresh)} ms, and ${milliseconds(known)} ms where they had been seen`;
      return judged(pairing.id, Math.max(0, fresh - SLACK_SECONDS) / known, detail);
    };
    checks.push(await firstPassed((round) => attempt(PAIRINGS.length * round + place)));
  }
  return checks;
}

async function timePairs(
  classifier: Classifier,
  images: LabelledImages,
  size: ImageSize,
  clock: Clock,
  { batchSize, fewest, most }: Pairing,
  round: number,
) {
  const bytes = batchSize * bytesPerImage(size);
  const fresh = unseenImages(images, size, most * batchSize, round);
  const known = repeated(images, bytes);
  const [seen, unseen]: [number[], number[]] = [[], []];
  const time = async (pixels: Uint8Array, into: number[]) => {
    const start = clock();
    await classifier.predict(pixels, batchSize);
    into.push(clock() - start);
  };
  await classifier.predict(known(0), batchSize);
  const begin = clock();
  for (let pair = 0; pair < most; pair++) {
    if (pair >= fewest && clock() - begin > BUDGET_SECONDS) break;
    const turns = [
      () => time(known(pair), seen),
      () => time(fresh.slice(pair * bytes, (pair + 1) * bytes), unseen),
    ];
    for (const turn of pair % 2 === 0 ? turns : turns.reverse()) await turn();
  }
  return { seen, unseen };
}

/** Batches in the order in which the test set was evaluated; one that goes round it where it is smaller. */
function repeated({ pixels }: LabelledImages, bytes: number): (batch: number) => Uint8Array {
  const whole = Math.floor(pixels.length / bytes);
  if (whole > 0)
    return (batch) => pixels.slice((batch % whole) * bytes, ((batch % whole) + 1) * bytes);
  const round = new Uint8Array(bytes);
  for (let start = 0; start < bytes; start += pixels.length) {
    round.set(pixels.subarray(0, bytes - start), start);
  }
  return () => round.slice();
}

function milliseconds(seconds: number): string {
  return (1000 * seconds).toPrecision(3);
}
