import { type Static, Type } from 'typebox';

/** Where a truck swaps next. */
export const STATION_POLICIES = ['reach-aware', 'nearest', 'fewest-waiting', 'cheapest', 'reservation'] as const;
/** Which of the charged packs a truck gets. */
export const PACK_POLICIES = ['longest-ready', 'fullest', 'least-used'] as const;
/** When and how fast empty packs are charged. */
export const CHARGING_POLICIES = ['fastest', 'off-peak', 'limit-following', 'pv-first'] as const;
/** What a truck that compares prices is asked for. */
export const PRICING_POLICIES = ['time-of-use', 'flat', 'by-load'] as const;

const Named = <const Names extends readonly string[]>(names: Names, description: string) =>
  Type.Optional(Type.Enum<[...Names]>([...names], { description }));

/** Rules by name; the first name of each list where none is given, which is what runs live. */
export const Policies = Type.Object(
  {
    chooseStation: Named(STATION_POLICIES, 'where a truck swaps next'),
    choosePack: Named(PACK_POLICIES, 'which charged pack a truck gets'),
    charging: Named(CHARGING_POLICIES, 'when and how fast packs are charged'),
    pricing: Named(PRICING_POLICIES, 'the price that chooseStation "cheapest" compares'),
  },
  { additionalProperties: false },
);
export type Policies = Static<typeof Policies>;

/** Every rule by name. */
export type ChosenPolicies = Required<Policies>;

export const chosenPolicies = ({ policies = {} }: { policies?: Policies }): ChosenPolicies => ({
  chooseStation: policies.chooseStation ?? STATION_POLICIES[0],
  choosePack: policies.choosePack ?? PACK_POLICIES[0],
  charging: policies.charging ?? CHARGING_POLICIES[0],
  pricing: policies.pricing ?? PRICING_POLICIES[0],
});
