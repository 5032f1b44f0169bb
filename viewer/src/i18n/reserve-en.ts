import type { PassedOverReason, StationReason } from '@corridor/protocols/http/recommendation';

const reason: Record<StationReason, string> = {
  HEADING_FOR: 'heading there',
  ONLY_ONE: 'only one in reach',
  NEAREST: 'nearest',
  FEWEST_SWAPS: 'fewest stops',
  NO_WAIT: 'no queue',
  SHORTEST_WAIT: 'shortest wait',
  MOST_PACKS: 'most packs',
  CHEAPEST: 'cheapest',
  LAST_PACK: 'last pack',
  NO_FREE_PACK: 'no free pack now',
  BELOW_RESERVE: 'uses some of the reserve',
  AFTER_TURN: 'after the turn at the end of the road',
};
const passedOver: Record<PassedOverReason, string> = {
  NETWORK_NOT_ALLOWED: 'not in the carrier’s contract',
  BATTERY_TYPE: 'no pack of its type',
  STATION_CLOSED: 'closed',
  STATION_OFFLINE: 'does not answer',
  TARIFF_MISSING: 'no price',
  WRONG_SIDE: 'not on its way',
  OUT_OF_REACH: 'out of reach',
  NOT_WORTH_IT: 'pack still too full',
};

/** Words of reserving a pack for a truck from the console. */
export const reserveEn = {
  title: 'Reserve a pack',
  reason,
  passedOver,
  problem: {
    POSITION_UNKNOWN: 'Where the truck is, is not known: nothing can be recommended to it.',
    CHARGE_UNKNOWN: 'How full its pack is, is not known: nothing can be recommended to it.',
  },
  choose: 'Station, best first',
  none: 'No station is in reach.',
  notOffered: 'Why not the others?',
  facts: (minutes: string, ready: string, wait: string, arrival: string) =>
    `${minutes} min · ${ready} ready · wait ${wait} min · arrives with ${arrival}`,
  about: (price: string) => `energy about ${price}`,
  quote: (stationId: string) => `Ask the price at ${stationId}`,
  quoteNote: 'The station keeps a pack while the price stands. No money is held yet.',
  quoted: 'Price',
  until: 'Kept until',
  pack: 'Pack',
  holdNote: 'The amount is held on the carrier’s account, and given back if it is cancelled or the truck does not come.',
  reserve: 'Reserve',
  drop: 'Drop the price',
  tells: 'The driver is told on his page that a pack is kept for him, not why.',
  cancel: 'Cancel the reservation',
  cancelling: 'Asked the station to let go of it.',
  underWay: 'A swap of this truck is under way.',
  onItsWay: 'A pack is kept. The truck is on its way.',
  order: 'Order',
};
