import { expect, test } from '@jest/globals';
import { crc32c } from '../../src/trackers/crc32c';
import { scalarRecord, versionRecord } from '../../src/trackers/event-record';

test('CRC-32C of the check string is the one of the catalogue of CRC algorithms', () => {
  expect(crc32c(Buffer.from('123456789'))).toBe(0xe3069283);
});

test('an event file begins as those of TensorFlow do', () => {
  const record = versionRecord(1_700_000_000);
  // Length 24 and its masked checksum, the first twelve bytes of every event file.
  expect(record.subarray(0, 12).toString('hex')).toBe('1800000000000000a37f4b22');
  expect(record.subarray(12, -4).toString('latin1')).toContain('brain.Event:2');
  expect(record).toHaveLength(12 + 24 + 4);
});

test('a scalar is in the record as protocol buffers write it', () => {
  const record = scalarRecord({ wallTime: 1, step: 300, scalars: { a: 0.5 } });
  expect(record.subarray(12, -4).toString('hex')).toBe(
    [
      '09000000000000f03f', // wall_time: 1
      '10ac02', // step: 300
      '2a0a', // summary, 10 bytes
      '0a08', // value, 8 bytes
      '0a0161', // tag: a
      '150000003f', // simple_value: 0.5
    ].join(''),
  );
});
