import { expect, it } from 'vitest';
import { strangePartOf } from './strange-part.ts';

it.each([
  ['#/operations/queues', 'operations/queues'],
  ['#/operations/queues?open=HH1', 'operations/queues'],
  ['#/data/packs', 'data/packs'],
  ['#/money/bills/X-1', 'money/bills'],
  ['#/money/top-up?x=1', 'x=1'],
  ['#/money/charges/X-1?kind=RENT', 'kind=RENT'],
])('is told of %s', (hash, part) => expect(strangePartOf(hash)).toBe(part));

it.each([
  '',
  '#/operations',
  '#/operations/queue?open=HH1',
  '#/data/pack',
  '#/money?kind=HOLD',
  '#/money/orders?state=CLEARED',
  '#/money/charges/X-1',
  '#station/HH1',
  '#/recording',
])('is none of %s', (hash) => expect(strangePartOf(hash)).toBe(null));
