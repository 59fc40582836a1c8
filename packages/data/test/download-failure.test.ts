import { expect, test } from '@jest/globals';
import { failedWrite } from '../src/download/download-failure';

test.each(['ENOSPC', 'EDQUOT'])('a full disk (%s) is told as one', (code) => {
  const error = failedWrite(Object.assign(new Error('write failed'), { code }), '/data/x');
  expect(error).toMatchObject({
    code: 'INVALID_DATA',
    message: expect.stringContaining('The disk is full: free about 1 GB'),
  });
});
