import type { PartnerRule } from '@corridor/protocols/agreement/settlement-agreement';

/** PLAYER_REPEATED: a partner has one split of a rule. STATION_REPEATED: what a station is worth is one player's. */
export interface PlayerRefusal {
  readonly code: 'PLAYER_REPEATED' | 'STATION_REPEATED';
  readonly detail: string;
}

/** Why rules cannot be computed as they are; null: the players of each Shapley rule, and their stations, are each one's own. */
export function playerRefusal(rules: readonly PartnerRule[]): PlayerRefusal | null {
  for (const rule of rules) {
    if (rule.kind !== 'SHAPLEY') continue;
    const partner = repeatedOf(rule.players.map(({ partnerId }) => partnerId));
    if (partner !== undefined) return { code: 'PLAYER_REPEATED', detail: `${partner} is named twice as a player of one rule` };
    const station = repeatedOf(rule.players.flatMap(({ stationIds }) => stationIds));
    if (station !== undefined) return { code: 'STATION_REPEATED', detail: `station ${station} is named for two players of one rule` };
  }
  return null;
}

const repeatedOf = (names: readonly string[]): string | undefined => names.find((name, index) => names.indexOf(name) !== index);
