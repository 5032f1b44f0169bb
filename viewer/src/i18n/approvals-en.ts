/** Words of what waits for the approval of whoever is signed in. */
export const approvalsEn = {
  title: 'Waiting for your approval',
  count: (n: string) => `${n} waiting for your approval`,
  what: 'What',
  kind: {
    contracts: 'Contract',
    'settlement-agreements': 'Settlement agreement',
    'station-rates': 'Station rate',
    'battery-rates': 'Battery rate',
    tariffs: 'Electricity tariff',
    alliances: 'Alliance',
    withdrawals: 'Payment back',
    receivers: 'Payout account',
    'ownership-offers': 'Offer of ownership',
  },
  offered: { STATION: 'Station', PACK: 'Pack', TRUCK: 'Truck' },
  owner: 'Owner now',
  fromTaking: 'its taking',
  offerNote: 'Once taken it is yours, with what it earns and costs from that instant on. What was before stays with its owner.',
  accept: 'Take over',
  decline: 'Decline',
};
