import { assertArgument } from '../errors';
import type { NetworkDescription } from '../network/network-description';
import { efficientnetLite0 } from './efficientnet-lite0';
import { mobilenetV2 } from './mobilenet-v2';
import { resnet18 } from './resnet-18';
import { simpleCnn } from './simple-cnn';

/** The networks that are asked for by name. */
export const NAMED_NETWORKS: Readonly<Record<string, () => NetworkDescription>> = {
  'simple-cnn': simpleCnn,
  'resnet-18': resnet18,
  'mobilenet-v2': mobilenetV2,
  'efficientnet-lite0': efficientnetLite0,
};

/** @throws `INVALID_ARGUMENT` where there is no network of that name */
export function namedNetwork(name: string): NetworkDescription {
  const create = Object.hasOwn(NAMED_NETWORKS, name) ? NAMED_NETWORKS[name] : undefined;
  assertArgument(
    create !== undefined,
    `There is no network "${name}". There are: ${Object.keys(NAMED_NETWORKS).join(', ')}; or give the path of a description as JSON.`,
  );
  return create();
}
