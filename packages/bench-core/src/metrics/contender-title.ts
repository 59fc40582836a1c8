import { printableName } from '@dlcmp/contract';

/** What a contender is called: its engine's title, and what users type for it. */
export interface TitledContender {
  readonly displayName: string;
  readonly backend: string;
  /** Absent in results of an older dlcmp. */
  readonly contender?: string | undefined;
}

/** `ONNX Runtime, own operators (onnx:graph)`; `ONNX Runtime (CNN) on cpu` in results of an older dlcmp. */
export function contenderTitle({ displayName, backend, contender }: TitledContender): string {
  return printableName(
    contender ? `${displayName} (${contender})` : `${displayName} on ${backend}`,
  );
}
