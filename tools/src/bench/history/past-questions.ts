import type { EquipmentList } from '@corridor/protocols/http/equipment';
import type { QueueView } from '@corridor/protocols/http/queue-view';
import type { PastScene } from '@corridor/protocols/http/scene';

/** What is asked of past instants, as the console does. */
export interface PastQuestion {
  /** Case of the figures. */
  readonly name: string;
  /** Below `/api/v1`, without the instant. */
  readonly path: string;
  /** One after the other. */
  readonly callers: readonly string[];
  /** How much of what must be there an answer has; over all instants it may not be none. */
  readonly found: (answer: unknown) => number;
}

/** A quarter as a party sees it, the rest as the platform. */
const CARRIER_TOO = ['PF', 'PF', 'PF', 'C1'];
const OPERATOR_TOO = ['PF', 'PF', 'PF', 'SO1'];

const equipment = (kind: string): PastQuestion => ({
  name: `equipment-${kind}`,
  path: `/equipment?kind=${kind}`,
  callers: kind === 'slot' ? OPERATOR_TOO : CARRIER_TOO,
  found: (answer) => (answer as EquipmentList).items.filter(({ reportedAt }) => reportedAt !== null).length,
});

export const PAST_QUESTIONS: readonly PastQuestion[] = [
  {
    name: 'scene',
    path: '/scene',
    callers: CARRIER_TOO,
    found: (answer) => {
      const { stations, trucks, books } = answer as PastScene;
      return stations.length === 10 && trucks.length > 0 ? books.accounts.length : 0;
    },
  },
  {
    name: 'queues',
    path: '/queues',
    callers: OPERATOR_TOO,
    found: (answer) => (answer as { items: QueueView[] }).items.reduce((sum, { waiting }) => sum + waiting.length, 0),
  },
  equipment('pack'),
  equipment('slot'),
  equipment('truck'),
  { name: 'orders', path: '/orders', callers: CARRIER_TOO, found: (answer) => (answer as { items: unknown[] }).items.length },
  {
    name: 'abnormal-orders',
    path: '/orders?state=ABNORMAL',
    callers: CARRIER_TOO,
    found: (answer) => (answer as { items: unknown[] }).items.length,
  },
];
