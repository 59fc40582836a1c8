import { printableName } from '@dlcmp/contract';

/** `ONNX Runtime (CNN) on cpu` */
export function contenderTitle({
  displayName,
  backend,
}: {
  readonly displayName: string;
  readonly backend: string;
}): string {
  return printableName(`${displayName} on ${backend}`);
}
