import type { AlarmCode, STATION_FAULT_CODES } from '@corridor/protocols/alarm-code';
import type { AlarmState } from '@corridor/protocols/http/scene';

type StationFault = (typeof STATION_FAULT_CODES)[number];

/**
 * Sentences of alarms. `{name}` stands for an argument of the alarm, `{name:code}` for its word; what stands before the name, as in
 * `{, name}`, is left out where the argument is empty.
 */
export const alarmsEn = {
  text: {
    GATEWAY_OFFLINE: '{cause:code}{: said}',
    CLOCK_SKEW: 'Its clock is {offsetS} s off',
    SOURCE_LOCKED_OUT: 'Its events are refused{: reason:code}; revoke its credentials and enrol it anew',
    EVENTS_LOST: 'Events {from} to {to} never came; swaps among them are not billed',
    INVENTORY_DOUBTFUL: 'Not taken, {doubts} in all: {reason:code} ({what})',
    BAY_BLOCKED: 'A truck without a pack stands in it{: reason:code}',
    SLOT_QUARANTINED: 'Not to be used{: reason:code}',
    SLOT_TWO_PACKS: '{packId} came where the books had {otherPackId}',
    PACK_HOT: 'Cells at {cellC} °C',
    PACK_TWO_PLACES: 'The books have it {placeKind:code} {placeId}; it is reported {otherKind:code} {otherId} as well',
    PACK_ELSEWHERE: 'Reported {otherKind:code} {otherId}; the books have it {placeKind:code} {placeId}',
    COUNTER_RESET: 'Registers of {transactionId} went back; a new segment begins there',
    TARIFF_MISSING: 'No tariff in force at {stationId}; the energy is in no lot',
    TRUCK_STRANDED: 'It cannot go on',
    TRUCK_TWO_PACKS: '{packId} was fitted where the books had {otherPackId}',
    SWAP_ABORTED_NO_PACK: 'In step {step}{: reason:code}',
    SWAP_BATTERY_OUT_TIMEOUT: 'In step {step}{: reason:code}',
    SWAP_FAILED: 'In step {step}{: reason:code}',
    SWAP_LOST: 'Last heard of in step {step}{: reason:code}',
    OTHER_PACK_ISSUED: '{packId} was given where {otherPackId} was reserved',
    PAYMENT_DIFFERENCE: '{differences} differences with the bill of {channel} of {billDate}',
    PAYOUT_FAILED: 'Statement {statementId} is not paid out{: reason:code}',
    WITHDRAWAL_STUCK: '{paymentId} is not paid back whole{: reason:code}',
    RECEIVER_CHANGES: 'Paid out to account {account} from {inForceFrom}',
    SETTLEMENT_FAILED: '{step:code} {id}: {reason:code}',
    PENALTY_NOT_RATED: '{kind:code} of {truckId} at {stationId} is not charged{: reason:code}',
    INPUT_FAILED: 'Passed over, because the platform failed on it twice: {input}',
  } satisfies Record<AlarmCode, string>,
  stationFault: {
    ESTOP: 'Emergency stop is pressed',
    FIRE: 'Fire alarm of the station',
    BLACKOUT: 'Mains lost; the control runs on its UPS',
    GRID_LIMIT: 'The grid limits the connection',
    CHARGER_DOWN: 'The charger gives no power',
    SLOT_SMOKE: 'Smoke in the slot',
  } satisfies Record<StationFault, string>,
  /** Of any other fault of a station: what it says itself stands beside it. */
  otherFault: 'Reported by the station',
  order: 'Order of truck {truckId} at {stationId}{: said}',
  /** Words that are said only here. */
  word: {
    HEARTBEAT_MISSING: 'No heartbeat',
    CREDENTIALS_REVOKED: 'Its credentials were revoked',
    STOPPED: 'It was stopped',
    TRUCK: 'on truck',
    SLOT: 'in slot',
    TRANSFER: 'on the crane of',
    STORE: 'in store',
  } as Record<string, string>,
  state: {
    UNACKNOWLEDGED: 'Unacknowledged',
    ACKNOWLEDGED: 'Acknowledged',
    SHELVED: 'Shelved',
    SUPPRESSED: 'Suppressed',
    OUT_OF_SERVICE: 'Out of service',
    RETURNED: 'Normal again',
    ENDED: 'Ended',
  } satisfies Record<AlarmState, string>,
  acknowledge: 'Acknowledge',
  close: 'Close alarm',
  note: 'What is being done',
  reason: 'Why it is over',
  reasonMissing: 'Say why it is over.',
  escalated: 'More severe since',
  acknowledged: 'Acknowledged',
  by: 'By',
  reported: 'In the words of the station',
  refused: (why: string) => `Not done: ${why}`,
  refusal: {
    ALARM_NOT_SHELVABLE: 'what needs a person now is not put aside, nor what is over',
    ALARM_ENDS_BY_SIGNAL: 'it ends by itself when it is over',
    FORBIDDEN: 'you may not do this',
    NOT_FOUND: 'it is over, or no longer yours to see',
    UNREACHABLE: 'the twin cannot be reached',
  } as Record<string, string>,
};
