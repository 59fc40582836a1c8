import type { Network, ResolvedNode, Window } from '@dlcmp/contract';

/**
 * Whether kernels for convolutions of stride 1 without groups, and for max-pools of squares of 2×2 without padding, can
 * compute `network`; or the first node that they cannot.
 */
export function supportsSimpleWindows({ nodes }: Pick<Network, 'nodes'>): true | string {
  for (const node of nodes) {
    const reason = reasonAgainst(node);
    if (reason) return `it has no ${reason} (node "${node.name}")`;
  }
  return true;
}

function reasonAgainst({ type, window, options }: ResolvedNode): string | undefined {
  if (type === 'conv2d') {
    const { stride } = window as Window;
    if (stride.some((step) => step !== 1)) return `convolution of stride ${stride.join('×')}`;
    if (options.groups !== 1) return `convolution in ${options.groups} groups`;
  }
  if (type === 'maxPool') {
    const { kernelSize, stride, padding } = window as Window;
    const isSquare = [...kernelSize, ...stride].every((size) => size === 2);
    if (!isSquare || Object.values(padding).some((size) => size > 0))
      return `maxPool but of 2×2 with stride 2 and no padding`;
  }
  return undefined;
}
