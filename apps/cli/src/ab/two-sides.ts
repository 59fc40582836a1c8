import { loadAdapter, type SelectedAdapter, type TwoSides } from '@dlcmp/bench-core';
import { assertArgument } from '@dlcmp/contract';
import { adapterIn } from '../adapter-registry';

type Side = 'base' | 'head';

/**
 * `selected` twice: once from each folder, as contenders of one study that run one after the other.
 *
 * @throws `INVALID_ARGUMENT` where a folder does not hold the adapter
 */
export async function fromBothSides(
  selected: SelectedAdapter,
  folders: Readonly<Record<Side, string>>,
): Promise<SelectedAdapter[]> {
  return [
    await fromSide(selected, 'base', folders.base),
    await fromSide(selected, 'head', folders.head),
  ];
}

async function fromSide(
  { adapter: own, backend, contender }: SelectedAdapter,
  side: Side,
  folder: string,
): Promise<SelectedAdapter> {
  const reference = adapterIn(folder, own.id);
  assertArgument(
    reference !== undefined,
    `${side} (${folder}) does not hold the adapter of ${contender}: build the checkout there, install the package, or name others by --contenders. Peers are not built from a checkout.`,
  );
  const adapter = await loadAdapter(reference);
  const title = adapter.engines?.find(({ id }) => id === backend.split('@')[0])?.title;
  return {
    adapter: Object.create(adapter, { id: { value: sideId(own.id, side), enumerable: true } }),
    ...{ backend, reference, group: own.id },
    title: `${title ?? adapter.displayName}, ${side}`,
    contender: `${side}/${contender}`,
  };
}

function sideId(id: string, side: Side): string {
  return `${id}-${side}`;
}

/** How `compareSides` finds them in the results, of those selected by their own names. */
export function sidesOf(selected: readonly SelectedAdapter[]): TwoSides[] {
  return selected.map(({ adapter: { id }, backend, contender }) => ({
    ...{ contender, backend },
    base: sideId(id, 'base'),
    head: sideId(id, 'head'),
  }));
}
