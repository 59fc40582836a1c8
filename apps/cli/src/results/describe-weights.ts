import { describeOrigin, type PublishedWeights } from '@dlcmp/contract';

/** What they are, where they come from and under which licence, before they are fetched. */
export function describeWeights(published: PublishedWeights, url?: string): string {
  const { name, trainedOn, licence, megabytes } = published;
  return `${name}: ${trainedOn}; ${megabytes} MB from ${url ?? describeOrigin(published)}; licence ${licence}`;
}
