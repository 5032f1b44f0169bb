import { Journal } from './journal.ts';

/**
 * Child process of the kill test: opens the journal in argv[2] and writes events and states as fast as it can. A line on stdout
 * says what is on the disk, after it is.
 */
const dir = process.argv[2] ?? '';
const journal = Journal.open({ dir, stationId: 'HH1' }, (boot) => ({ subject: 'evs.test', schema: 'online/1', atMs: 0, data: boot }));
process.stdout.write(`boot ${journal.bootId}\n`);
for (let count = 1; ; count += 1) {
  const written = journal.transaction((tx) => {
    const event = tx.event({ subject: 'evs.test', schema: 'test/1', atMs: count, data: { count, pad: 'x'.repeat(count % 700) } });
    tx.putState('swap:HH1-B1', { bootId: event.bootId, seq: event.seq });
    if (count % 3 === 0) tx.nextRequestId();
    return event;
  });
  process.stdout.write(`wrote ${written.bootId} ${written.seq}\n`);
}
