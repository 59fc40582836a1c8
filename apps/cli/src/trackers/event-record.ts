import { crc32c } from './crc32c';

/** Figures of one moment, by their tag. */
export interface ScalarEvent {
  /** Seconds since 1970. */
  readonly wallTime: number;
  readonly step: number;
  readonly scalars: Readonly<Record<string, number>>;
}

/** The first record of every event file. */
export function versionRecord(wallTime: number): Buffer {
  const version = Buffer.from('brain.Event:2');
  return record(Buffer.concat([double(1, wallTime), bytes(3, version)]));
}

/** `event` as TensorFlow's `Event` message (tensorflow/core/util/event.proto), in a TFRecord. */
export function scalarRecord({ wallTime, step, scalars }: ScalarEvent): Buffer {
  const values = Object.entries(scalars).map(([tag, value]) =>
    bytes(1, Buffer.concat([bytes(1, Buffer.from(tag)), float(2, value)])),
  );
  const summary = bytes(5, Buffer.concat(values));
  return record(Buffer.concat([double(1, wallTime), integer(2, step), summary]));
}

/** TFRecord: length, its checksum, the data, its checksum; all little-endian. */
function record(data: Buffer): Buffer {
  const length = Buffer.alloc(8);
  length.writeBigUInt64LE(BigInt(data.length));
  return Buffer.concat([length, maskedChecksum(length), data, maskedChecksum(data)]);
}

/** Rotated and offset, as a checksum of data that holds checksums must be (TFRecord's format). */
function maskedChecksum(data: Buffer): Buffer {
  const checksum = crc32c(data);
  const masked = (((checksum >>> 15) | (checksum << 17)) + 0xa282ead8) >>> 0;
  const buffer = Buffer.alloc(4);
  buffer.writeUInt32LE(masked);
  return buffer;
}

const WIRE = { varint: 0, fixed64: 1, length: 2, fixed32: 5 } as const;

function key(field: number, wire: number): Buffer {
  return Buffer.from([(field << 3) | wire]);
}

function varint(value: number): Buffer {
  const found: number[] = [];
  let rest = value;
  while (rest >= 0x80) {
    found.push((rest % 0x80) | 0x80);
    rest = Math.floor(rest / 0x80);
  }
  return Buffer.from([...found, rest]);
}

function integer(field: number, value: number): Buffer {
  return Buffer.concat([key(field, WIRE.varint), varint(value)]);
}

function bytes(field: number, content: Buffer): Buffer {
  return Buffer.concat([key(field, WIRE.length), varint(content.length), content]);
}

function double(field: number, value: number): Buffer {
  const buffer = Buffer.alloc(8);
  buffer.writeDoubleLE(value);
  return Buffer.concat([key(field, WIRE.fixed64), buffer]);
}

function float(field: number, value: number): Buffer {
  const buffer = Buffer.alloc(4);
  buffer.writeFloatLE(value);
  return Buffer.concat([key(field, WIRE.fixed32), buffer]);
}
