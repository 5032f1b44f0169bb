import { describe, expect, it } from 'vitest';
import { StopRequests } from './stop-requests.ts';

describe('StopRequests', () => {
  it('takes a Ctrl-C that npm hands on, beside the one of the terminal, for one', () => {
    const requests = new StopRequests();
    expect(requests.isAsked).toBe(false);
    expect([0, 1, 3_000, 3_499].map((atMs) => requests.of('SIGINT', atMs))).toEqual(['STOP', 'ECHO', 'STILL', 'ECHO']);
    expect(requests.isAsked).toBe(true);
    expect(requests.of('SIGINT', 3_500)).toBe('FORCE');
  });

  it('takes another signal for another request', () => {
    const requests = new StopRequests();
    expect([requests.of('SIGINT', 0), requests.of('SIGTERM', 1), requests.of('SIGHUP', 2)]).toEqual(['STOP', 'STILL', 'FORCE']);
  });
});
