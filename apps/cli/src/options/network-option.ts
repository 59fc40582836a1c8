import { readFile } from 'node:fs/promises';
import {
  DlcmpError,
  NAMED_NETWORKS,
  type Network,
  type NetworkDescription,
  namedNetwork,
  PUBLISHED_WEIGHTS,
  resolveNetwork,
} from '@dlcmp/contract';
import { Option } from 'commander';

/** `--network`. */
export function networkOption(): Option {
  return new Option(
    '--network <NAME|FILE.json>',
    `what the CNNs are: ${Object.keys(NAMED_NETWORKS).join(', ')}, or a description (default: that of --weights, else simple-cnn)`,
  );
}

/** `--weights`. */
export function weightsOption(): Option {
  return new Option(
    '--weights <NAME|FILE>',
    `what the CNNs begin with: ${PUBLISHED_WEIGHTS.map(({ name }) => name).join(', ')}, or a .safetensors or .pth file`,
  );
}

/** What `--network` names, where it is left out the network that `--weights` are of. */
export function networkName({ network, weights }: { network?: string; weights?: string }): string {
  const published = PUBLISHED_WEIGHTS.find(({ name }) => name === weights);
  return network ?? published?.name ?? 'simple-cnn';
}

/**
 * The network that `--network` names, checked on images of `side`.
 *
 * @throws `INVALID_ARGUMENT` where there is no such network or file, or it does not fit the images
 */
export async function readNetwork(
  nameOrPath: string,
  side: number,
  classCount: number,
): Promise<Network> {
  const description = nameOrPath.endsWith('.json')
    ? await readDescription(nameOrPath)
    : namedNetwork(nameOrPath);
  return resolveNetwork(description, { inputHeight: side, inputWidth: side }, classCount);
}

async function readDescription(path: string): Promise<NetworkDescription> {
  try {
    return JSON.parse(await readFile(path, 'utf8')) as NetworkDescription;
  } catch (cause) {
    const reason = cause instanceof Error ? cause.message : String(cause);
    throw new DlcmpError(
      'INVALID_ARGUMENT',
      `--network ${path} cannot be read as JSON: ${reason} Give a network's name or the path of its description.`,
      { cause },
    );
  }
}
