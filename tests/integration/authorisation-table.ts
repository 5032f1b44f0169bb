import { DEFAULT_NETWORK_FILE, readNetworkFile } from '@corridor/twin/seed/network-files';

/** Registered already, so that registering it again changes nothing. */
const NETWORK_TRUCK = readNetworkFile(DEFAULT_NETWORK_FILE).trucks.find(({ id }) => id === 'T001');
/** As the network's, with an id and a first day of their own. */
const { tariffs, batteryRates, contracts } = readNetworkFile(DEFAULT_NETWORK_FILE);
const TARIFF = { ...tariffs[0], id: 'T-2', effectiveFrom: '2100-01-01' };
const BATTERY_RATE = { ...batteryRates.find(({ ownerId }) => ownerId === 'BO1'), id: 'BR-2', effectiveFrom: '2100-01-01' };
const CONTRACT = {
  ...contracts.find(({ carrierId }) => carrierId === 'C1'),
  id: 'CT-2',
  validFrom: '2100-01-01',
  validUntil: '2100-12-31',
};
const NEW_TRUCK = { ...NETWORK_TRUCK, id: 'T900', vin: 'LCT4X2BEV26000900', plate: '冀J90000D', rfid: 'E280000001170900' };

/** Who asks, in the order of the columns below; all of the default network. `service` has every scope there is. */
export const CALLERS = ['PF', 'SO1', 'SO2', 'BO1', 'C1', 'C2', 'D001', 'guest', 'service'] as const;
export type Caller = (typeof CALLERS)[number];

export interface Row {
  /** Status that each of CALLERS gets. */
  readonly statuses: string;
  readonly body?: object;
}

/**
 * What every route of the OpenAPI document answers to whom. The objects asked for are station HH1 of SO1, pack LFP350-0001 of BO1, truck T001
 * and driver D001 of C1, and a cleared order of that truck at that station; SO2 and C2 are others of the same kind. 422: let in, and
 * refused by the order itself, which is over, or whose station is offline. 503: let in, and there is no payment rail here.
 */
export const AUTHORISATION: Readonly<Record<string, Row>> = {
  //                                                      PF  SO1 SO2 BO1 C1  C2  D001 guest service
  'GET /healthz': { statuses: '200 200 200 200 200 200 200 200 200' },
  'GET /readyz': { statuses: '200 200 200 200 200 200 200 200 200' },
  'GET /metrics': { statuses: '200 200 200 200 200 200 200 200 200' },
  'GET /api/v1/auth/config': { statuses: '200 200 200 200 200 200 200 200 200' },
  'GET /api/v1/auth/jwks': { statuses: '200 200 200 200 200 200 200 200 200' },
  'POST /api/v1/auth/demo-token': { statuses: '201 201 201 201 201 201 201 201 201', body: { userId: 'demo-C1' } },
  'GET /api/v1/geometry': { statuses: '200 200 200 200 200 200 200 200 200' },
  'GET /api/v1/scene': { statuses: '200 200 200 200 200 200 200 200 200' },
  'GET /api/v1/scene/span': { statuses: '200 200 200 200 200 200 200 200 200' },
  'GET /api/v1/scene/events': { statuses: '200 200 200 200 200 200 200 200 200' },
  'GET /api/v1/kpis': { statuses: '200 200 200 200 200 200 200 200 200' },
  'POST /api/v1/tickets': { statuses: '201 201 201 201 201 201 201 201 201' },
  'GET /api/v1/charts/{machine}': { statuses: '200 200 200 200 200 200 200 200 200' },
  'GET /api/v1/stations': { statuses: '200 200 200 200 200 200 200 200 200' },
  'GET /api/v1/stations/{id}': { statuses: '200 200 200 200 200 200 200 200 200' },
  'GET /api/v1/stations/{id}/page': { statuses: '200 200 404 404 404 404 404 404 403' },
  'GET /api/v1/stations/{id}/history': { statuses: '200 200 404 404 404 404 404 404 200' },
  'GET /api/v1/slots': { statuses: '200 200 200 200 200 200 200 200 200' },
  'GET /api/v1/slots/{id}': { statuses: '200 200 404 200 404 404 404 404 200' },
  'GET /api/v1/slots/{id}/history': { statuses: '200 200 404 200 404 404 404 404 200' },
  'GET /api/v1/packs': { statuses: '200 200 200 200 200 200 200 200 200' },
  'GET /api/v1/packs/{id}': { statuses: '200 200 404 200 404 404 404 404 200' },
  'GET /api/v1/packs/{id}/history': { statuses: '200 404 404 200 404 404 404 404 200' },
  'GET /api/v1/trucks': { statuses: '200 200 200 200 200 200 200 200 200' },
  'GET /api/v1/trucks/{id}': { statuses: '200 404 404 200 200 404 200 404 200' },
  'GET /api/v1/trucks/{id}/history': { statuses: '200 404 404 404 200 404 200 404 200' },
  // What a carrier's truck carries is told as from the cab: not what it is worth.
  'GET /api/v1/packs/{id}/soh': { statuses: '200 200 404 200 404 404 404 404 200' },
  'GET /api/v1/packs/{id}/curves': { statuses: '200 404 404 200 404 404 404 404 200' },
  'GET /api/v1/slots/{id}/curves': { statuses: '200 200 404 200 404 404 404 404 200' },
  'GET /api/v1/stations/{id}/curves': { statuses: '200 200 404 404 404 404 404 404 200' },
  'GET /api/v1/trucks/{id}/curves': { statuses: '200 404 404 404 200 404 200 404 200' },
  'GET /api/v1/trucks/{id}/track': { statuses: '200 404 404 404 200 404 200 404 200' },
  // It stands in a slot of SO1.
  'GET /api/v1/packs/{id}/track': { statuses: '200 200 404 200 404 404 404 404 200' },
  // No meter was heard yet.
  'GET /api/v1/meters/{id}/curves': { statuses: '404 404 404 404 404 404 404 404 404' },
  'GET /api/v1/equipment': { statuses: '200 200 200 200 200 200 200 200 200' },
  'GET /api/v1/completeness': { statuses: '200 200 200 200 200 200 200 200 200' },
  'GET /api/v1/stations/{id}/completeness': { statuses: '200 200 404 404 404 404 404 404 200' },
  'GET /api/v1/trucks/{id}/completeness': { statuses: '200 404 404 404 200 404 200 404 200' },
  'GET /api/v1/principals': { statuses: '200 200 200 200 200 200 200 200 200' },
  'GET /api/v1/drivers': { statuses: '200 200 200 200 200 200 200 200 403' },
  'GET /api/v1/drivers/{id}': { statuses: '200 404 404 404 200 404 200 404 403' },
  'GET /api/v1/audit': { statuses: '200 200 200 200 200 200 200 200 403' },
  'GET /api/v1/alarms': { statuses: '200 200 200 200 200 200 200 200 200' },
  'GET /api/v1/alarms/figures': { statuses: '200 200 200 200 200 200 200 200 403' },
  // There is no such alarm.
  'POST /api/v1/alarms/{id}/shelve': { statuses: '404 404 404 404 404 404 404 404 403', body: { forMs: 600000, reason: 'known' } },
  'POST /api/v1/alarms/{id}/unshelve': { statuses: '404 404 404 404 404 404 404 404 403', body: {} },
  'POST /api/v1/alarms/{id}/acknowledge': { statuses: '404 404 404 404 404 404 404 404 403', body: {} },
  'POST /api/v1/alarms/{id}/close': { statuses: '404 404 404 404 404 404 404 404 403', body: { reason: 'seen' } },
  // 409: let in, and nothing is wrong with the slot or the pack.
  'POST /api/v1/slots/{id}/return': { statuses: '409 409 404 403 404 404 404 404 403', body: { key: 'k', note: 'seen' } },
  'POST /api/v1/packs/{id}/clear': { statuses: '409 409 404 403 404 404 404 404 403', body: { key: 'k', note: 'seen' } },
  'POST /api/v1/packs/{id}/custody': {
    statuses: '409 409 404 403 404 404 404 404 403',
    body: { key: 'k', note: 'seen', place: { kind: 'SLOT', id: 'HH1-1' } },
  },
  // Once it is set aside, it cannot be set aside.
  'POST /api/v1/slots/{id}/set-aside': { statuses: '200 409 404 403 404 404 404 404 403', body: { key: 'k', note: 'seen' } },
  // What the platform stopped a moment ago its owner cannot stop again, and nobody else may; the swap is over.
  'POST /api/v1/trucks/{id}/block': { statuses: '200 404 404 403 409 404 403 404 403', body: { key: 'k-block', note: 'seen' } },
  'POST /api/v1/trucks/{id}/unblock': { statuses: '200 404 404 403 409 404 403 404 403', body: { key: 'k-unblock', note: 'seen' } },
  'POST /api/v1/stations/{id}/close': { statuses: '200 409 403 403 403 403 403 403 403', body: { key: 'k-close', note: 'seen' } },
  'POST /api/v1/stations/{id}/open': { statuses: '200 409 403 403 403 403 403 403 403', body: { key: 'k-open', note: 'seen' } },
  'POST /api/v1/swaps/{id}/abort': { statuses: '409 409 404 404 404 404 404 404 403', body: { key: 'k-abort', note: 'seen' } },
  'GET /api/v1/deposits': { statuses: '200 200 200 200 200 200 200 200 403' },
  // The carrier's is taken a moment ago by the platform; while a pack is on board nothing is given back.
  'POST /api/v1/trucks/{id}/deposit': { statuses: '201 404 404 404 409 404 404 404 403', body: { key: 'k-deposit', note: 'joined' } },
  'POST /api/v1/trucks/{id}/deposit/return': { statuses: '409 404 404 404 409 404 404 404 403', body: { key: 'k-return', note: 'left' } },
  'GET /api/v1/notifications': { statuses: '200 200 200 200 200 200 200 200 403' },
  'GET /api/v1/queues': { statuses: '200 200 200 403 403 403 403 403 403' },
  'POST /api/v1/notifications': {
    statuses: '202 403 403 403 202 403 403 403 403',
    body: { key: 'k-write', to: 'truck:T001', title: 'Road', text: 'The tunnel is closed.' },
  },
  // There is none of this number.
  'POST /api/v1/notifications/{id}/read': { statuses: '404 404 404 404 404 404 404 404 403', body: {} },
  'POST /api/v1/notifications/{id}/answer': { statuses: '404 404 404 404 404 404 404 404 403', body: { answer: 'ACCEPTED' } },
  'GET /api/v1/recommendations': { statuses: '200 404 404 404 200 404 200 404 403' },
  'GET /api/v1/orders': { statuses: '200 200 200 200 200 200 200 200 403' },
  'GET /api/v1/orders/{id}': { statuses: '200 200 404 200 200 404 200 404 403' },
  'GET /api/v1/orders/{id}/bill': { statuses: '200 200 404 200 200 404 200 404 403' },
  'GET /api/v1/orders/{id}/events': { statuses: '200 200 404 200 200 404 200 404 403' },
  'GET /api/v1/actors/{id}': { statuses: '200 200 404 200 200 404 200 404 403' },
  'GET /api/v1/actors/{id}/transitions': { statuses: '200 200 404 200 200 404 200 404 403' },
  'GET /api/v1/accounts': { statuses: '200 200 200 200 200 200 200 200 200' },
  'GET /api/v1/accounts/{id}': { statuses: '200 404 404 404 200 404 404 404 200' },
  'GET /api/v1/accounts/{id}/balance': { statuses: '200 404 404 404 200 404 404 404 403' },
  'GET /api/v1/bundles': { statuses: '200 200 200 200 200 200 403 403 403' },
  'GET /api/v1/clearing': { statuses: '200 200 200 200 200 200 200 200 403' },
  'GET /api/v1/statements': { statuses: '200 200 200 200 200 200 200 200 403' },
  // No period has ended.
  'POST /api/v1/statements': { statuses: '409 403 403 403 403 403 403 403 403', body: { principalId: 'SO1' } },
  'GET /api/v1/statements/{id}': { statuses: '404 404 404 404 404 404 404 404 403' },
  'GET /api/v1/statements/{id}/csv': { statuses: '404 404 404 404 404 404 404 404 403' },
  'GET /api/v1/statements/{id}/page': { statuses: '404 404 404 404 404 404 404 404 403' },
  'GET /api/v1/approvals': { statuses: '200 200 200 200 200 200 200 200 403' },
  'GET /api/v1/settlement-agreements': { statuses: '200 200 200 200 200 200 200 200 403' },
  // Drafted once; the same again is there already.
  'POST /api/v1/settlement-agreements': {
    statuses: '201 409 403 403 403 403 403 403 403',
    body: { id: 'SA-1', principalId: 'SO1', effectiveFrom: '2100-01-01', period: 'M1', partners: [] },
  },
  'POST /api/v1/settlement-agreements/{id}/approve': { statuses: '404 404 404 404 404 404 403 403 403' },
  'POST /api/v1/settlement-agreements/{id}/withdraw': { statuses: '404 404 404 404 404 404 403 403 403' },
  // The platform says for whom; the others are parties, or see no such order.
  'POST /api/v1/orders/{id}/dispute': { statuses: '422 201 404 201 201 404 404 404 403', body: { reason: 'wrong' } },
  'GET /api/v1/disputes': { statuses: '200 200 200 200 200 200 200 200 403' },
  'GET /api/v1/disputes/{id}': { statuses: '404 404 404 404 404 404 404 404 403' },
  'POST /api/v1/disputes/{id}/evidence': { statuses: '404 404 404 404 404 404 404 404 403', body: { text: 'a photo' } },
  'POST /api/v1/disputes/{id}/withdraw': { statuses: '404 404 404 404 404 404 404 404 403' },
  'POST /api/v1/disputes/{id}/decision': {
    statuses: '404 403 403 403 403 403 403 403 403',
    body: { outcome: 'DISMISSED', decision: 'as billed' },
  },
  'GET /api/v1/accounts/{id}/movements': { statuses: '200 404 404 404 200 404 404 404 403' },
  'GET /api/v1/commands': { statuses: '200 200 200 403 200 200 403 403 403' },
  // It went to the station.
  'GET /api/v1/commands/{id}': { statuses: '200 200 404 403 404 404 403 403 403' },
  'POST /api/v1/orders': { statuses: '422 404 404 404 422 404 422 404 403', body: { stationId: 'HH1', truckId: 'T001' } },
  'POST /api/v1/orders/{id}/confirm': { statuses: '422 403 404 403 422 404 422 404 403', body: { note: 'seen' } },
  'POST /api/v1/orders/{id}/cancel': { statuses: '422 403 404 403 422 404 422 404 403', body: { note: 'seen' } },
  // Agreements of the network, which are in force; drafts are for their parties, and the same again is there already.
  'GET /api/v1/tariffs': { statuses: '200 200 200 200 200 200 200 200 403' },
  'GET /api/v1/tariffs/{id}': { statuses: '200 200 200 200 200 200 404 404 403' },
  'POST /api/v1/tariffs': { statuses: '201 403 403 403 403 403 403 403 403', body: TARIFF },
  'POST /api/v1/tariffs/{id}/approve': { statuses: '409 403 403 403 403 403 403 403 403' },
  'POST /api/v1/tariffs/{id}/withdraw': { statuses: '409 403 403 403 403 403 403 403 403', body: { note: 'x' } },
  'GET /api/v1/station-rates': { statuses: '200 200 200 200 200 200 200 200 403' },
  'GET /api/v1/station-rates/{id}': { statuses: '200 200 404 404 200 200 404 404 403' },
  'POST /api/v1/station-rates': {
    statuses: '201 409 403 403 403 403 403 403 403',
    body: { id: 'SR-2', stationId: 'HH1', effectiveFrom: '2100-01-01', serviceNanoYuanPerKwh: '1', handlingFen: '1' },
  },
  'POST /api/v1/station-rates/{id}/approve': { statuses: '403 409 404 404 403 403 403 403 403' },
  'POST /api/v1/station-rates/{id}/withdraw': { statuses: '409 409 404 404 403 403 403 403 403', body: { note: 'x' } },
  'GET /api/v1/battery-rates': { statuses: '200 200 200 200 200 200 200 200 403' },
  'GET /api/v1/battery-rates/{id}': { statuses: '200 404 404 200 404 404 404 404 403' },
  'POST /api/v1/battery-rates': { statuses: '201 403 403 409 403 403 403 403 403', body: BATTERY_RATE },
  'POST /api/v1/battery-rates/{id}/approve': { statuses: '403 404 404 409 404 404 403 403 403' },
  'POST /api/v1/battery-rates/{id}/withdraw': { statuses: '409 404 404 409 404 404 403 403 403', body: { note: 'x' } },
  'GET /api/v1/contracts': { statuses: '200 200 200 200 200 200 200 200 403' },
  'GET /api/v1/contracts/{id}': { statuses: '200 404 404 404 200 404 404 404 403' },
  'POST /api/v1/contracts': { statuses: '201 403 403 403 409 403 403 403 403', body: CONTRACT },
  'POST /api/v1/contracts/{id}/approve': { statuses: '409 404 404 404 409 404 403 403 403' },
  'POST /api/v1/contracts/{id}/withdraw': { statuses: '409 404 404 404 409 404 403 403 403', body: { note: 'x' } },
  'GET /api/v1/alliances': { statuses: '200 200 200 200 200 200 200 200 403' },
  'GET /api/v1/alliances/{id}': { statuses: '200 200 200 200 200 200 404 404 403' },
  'POST /api/v1/alliances': {
    statuses: '201 409 403 409 403 403 403 403 403',
    body: { id: 'A-2', name: 'Two', stationIds: ['HH1'], packOwnerIds: ['BO1'] },
  },
  'POST /api/v1/alliances/{id}/approve': { statuses: '409 409 409 409 403 403 403 403 403' },
  'POST /api/v1/alliances/{id}/withdraw': { statuses: '409 409 409 409 403 403 403 403 403', body: { note: 'x' } },
  'GET /api/v1/charges': { statuses: '200 200 200 200 200 200 200 200 403' },
  // Nothing is owed beside the one swap.
  'GET /api/v1/charges/{id}': { statuses: '404 404 404 404 404 404 404 404 403' },
  'POST /api/v1/charges/{id}/dispute': { statuses: '422 404 404 404 404 404 404 404 403', body: { reason: 'wrong' } },
  'GET /api/v1/packages': { statuses: '200 200 200 200 200 200 200 200 403' },
  // No contract of the network offers one.
  'POST /api/v1/packages': {
    statuses: '422 403 403 403 422 403 403 403 403',
    body: { carrierId: 'C1', offerId: 'none', key: 'k1' },
  },
  'POST /api/v1/registrations': {
    statuses: '201 403 403 403 409 403 403 403 403',
    body: { kind: 'TRUCK', definition: NEW_TRUCK, identity: { ownerName: '某公司', vehicleLicenceNo: '130900000001' } },
  },
  'GET /api/v1/registrations': { statuses: '200 200 200 200 200 200 200 200 403' },
  // Of a driver who was there from the start nothing is on file, and he takes part already.
  'GET /api/v1/registrations/own': { statuses: '403 403 403 403 403 403 404 403 403' },
  'POST /api/v1/registrations/own': {
    statuses: '403 403 403 403 403 403 409 403 403',
    body: {
      identity: { realName: '张三', idNumber: '11010519491231002X', phone: '13800000000', licenceNo: '130900000001' },
      certifiedUntil: '2035-12-31',
      plates: [NETWORK_TRUCK?.plate ?? ''],
    },
  },
  'GET /api/v1/registrations/{kind}/{id}': { statuses: '200 404 404 404 200 404 404 404 403' },
  'POST /api/v1/registrations/{kind}/{id}/certify': { statuses: '200 403 403 403 403 403 403 403 403' },
  'POST /api/v1/registrations/{kind}/{id}/reject': { statuses: '200 403 403 403 403 403 403 403 403', body: { reason: 'x' } },
  // Let in, but what was rejected takes no part.
  'POST /api/v1/registrations/{kind}/{id}/activate': { statuses: '409 403 403 403 403 403 403 403 403' },
  'POST /api/v1/registrations/{kind}/{id}/suspend': { statuses: '404 403 403 403 403 403 403 403 403', body: { reason: 'x' } },
  'POST /api/v1/registrations/{kind}/{id}/resume': { statuses: '404 403 403 403 403 403 403 403 403' },
  'POST /api/v1/registrations/{kind}/{id}/deregister': { statuses: '200 404 404 404 409 404 404 404 403', body: {} },
  // Asked for last: of whoever has left, nothing is kept.
  'GET /api/v1/registrations/{kind}/{id}/identity': { statuses: '404 404 404 404 404 404 404 404 403' },
  'POST /api/v1/ownership-offers': {
    statuses: '201 404 404 409 404 404 404 404 403',
    body: { kind: 'PACK', id: 'LFP350-0001', toPrincipalId: 'BO2' },
  },
  'GET /api/v1/ownership-offers': { statuses: '200 200 200 200 200 200 200 200 403' },
  'POST /api/v1/ownership-offers/{id}/accept': { statuses: '404 404 404 404 404 404 404 404 403' },
  'POST /api/v1/ownership-offers/{id}/withdraw': { statuses: '404 404 404 404 404 404 404 404 403' },
  'POST /api/v1/re-ratings': {
    statuses: '202 403 403 403 403 403 403 403 403',
    body: { from: '2026-11-01T00:00:00Z', until: '2026-12-01T00:00:00Z' },
  },
  'GET /api/v1/re-ratings/{id}': { statuses: '404 403 403 403 403 403 403 403 403' },
  'GET /api/v1/orders/{id}/abnormal': { statuses: '404 403 403 403 403 403 403 403 403' },
  'POST /api/v1/orders/{id}/repair': { statuses: '422 403 403 403 403 403 403 403 403', body: { note: 'x' } },
  'POST /api/v1/orders/{id}/write-off': { statuses: '422 403 403 403 403 403 403 403 403', body: { note: 'x' } },
  'POST /api/v1/payments/top-ups': {
    statuses: '503 403 403 403 503 403 503 403 503',
    body: { carrierId: 'C1', amountFen: '100', channel: 'sandbox' },
  },
  'GET /api/v1/payments': { statuses: '200 200 200 200 200 200 200 200 403' },
  'POST /api/v1/payments/withdrawals': { statuses: '503 403 403 403 503 403 403 403 403', body: { carrierId: 'C1', amountFen: '100' } },
  'POST /api/v1/payments/collections': { statuses: '404 404 404 404 404 404 404 404 403', body: { statementId: 'NO-SUCH' } },
  'POST /api/v1/payments/{id}/approve': { statuses: '503 404 404 404 503 404 404 404 403' },
  'POST /api/v1/payments/{id}/refuse': { statuses: '503 404 404 404 503 404 404 404 403' },
  'POST /api/v1/payments/{id}/retry': { statuses: '503 403 403 403 403 403 403 403 403' },
  'GET /api/v1/payments/receivers': { statuses: '503 503 503 503 503 503 403 403 403' },
  'PUT /api/v1/payments/receivers': {
    statuses: '503 403 403 403 403 403 403 403 403',
    body: { principalId: 'SO1', account: 'A1', name: 'somebody' },
  },
  'POST /api/v1/payments/receivers/approve': {
    statuses: '503 403 403 403 403 403 403 403 403',
    body: { principalId: 'SO1', account: 'A1' },
  },
  'POST /api/v1/payments/receivers/refuse': {
    statuses: '503 503 403 403 403 403 403 403 403',
    body: { principalId: 'SO1' },
  },
  'GET /api/v1/payments/rail': { statuses: '503 503 503 503 503 503 503 503 503' },
  'GET /api/v1/payments/{id}': { statuses: '200 404 404 404 200 404 404 404 200' },
  'POST /api/v1/payments/callbacks/{channel}': { statuses: '404 404 404 404 404 404 404 404 404' },
  'GET /api/v1/payments/reconciliations/{date}': { statuses: '503 403 403 403 403 403 403 403 403' },
  'POST /api/v1/payments/reconciliations/{date}': { statuses: '503 403 403 403 403 403 403 403 403' },
  'POST /api/v1/commands': {
    statuses: '202 202 403 403 403 403 403 403 403',
    body: { source: 'station', id: 'HH1', verb: 'inventory.report', args: {}, note: 'as agreed' },
  },
  'POST /api/v1/trucks': { statuses: '201 403 403 403 403 403 403 403 201', body: { ...NETWORK_TRUCK } },
  'POST /api/v1/stations/{id}/credentials': { statuses: '201 201 403 403 403 403 403 403 201' },
  'DELETE /api/v1/stations/{id}/credentials': { statuses: '200 200 403 403 403 403 403 403 403' },
  'POST /api/v1/trucks/{id}/credentials': { statuses: '201 404 404 404 201 404 404 404 201' },
  'DELETE /api/v1/trucks/{id}/credentials': { statuses: '200 404 404 404 200 404 404 404 403' },
};
