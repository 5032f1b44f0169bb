import { ENTITY_KINDS } from '@corridor/actors/network/entity-ref';
import type { Bill } from '@corridor/protocols/http/scene';
import { chartOf as servedChartOf } from '@corridor/twin/http/actors/chart-model';

/** What the fixture serves beside the scene: a bill, charts, histories. The bill's figures add up. */
export function billOf(orderId: string): Bill {
  const line = (
    lineNo: number,
    component: string,
    kwh: string,
    price: string,
    amountFen: string,
    beneficiaryId: string,
    extra: { period?: string; packId?: string } = {},
  ): Bill['lines'][number] => ({
    lineNo,
    component,
    description: `${component.toLowerCase().replaceAll('_', ' ')}${extra.period === undefined ? '' : ` (${extra.period.toLowerCase()})`}`,
    quantity: kwh,
    unit: component === 'SWAP_HANDLING' ? 'swap' : 'kWh',
    unitPriceNanoYuan: price,
    amountFen,
    taxRateBasisPoints: component === 'BATTERY_RENT' || component === 'ELECTRICITY' ? 1300 : 600,
    beneficiaryId,
    period: extra.period ?? null,
    packId: extra.packId ?? null,
    derivation: `${kwh} × ${price} nano-yuan, half up = ${amountFen} fen`,
  });
  return {
    orderId,
    state: 'CLEARED',
    currency: 'CNY',
    payableFen: '28900',
    quotedFen: '29057',
    heldFen: '31000',
    releasedFen: '2100',
    energyOutWh: 263_952,
    energyInWh: 46_699,
    lines: [
      line(1, 'ELECTRICITY', '130.000', '350000000', '4550', 'SO1', { period: 'VALLEY' }),
      line(2, 'ELECTRICITY', '80.000', '650000000', '5200', 'SO1', { period: 'FLAT' }),
      line(3, 'ELECTRICITY', '40.000', '950000000', '3800', 'SO1', { period: 'PEAK' }),
      line(4, 'ELECTRICITY', '13.952', '1100000000', '1535', 'SO1', { period: 'SHARP' }),
      line(5, 'ELECTRICITY', '-20.000', '350000000', '-700', 'SO1', { period: 'VALLEY' }),
      line(6, 'ELECTRICITY', '-26.699', '650000000', '-1735', 'SO1', { period: 'FLAT' }),
      line(7, 'SERVICE', '217.253', '400000000', '8690', 'SO1'),
      line(8, 'BATTERY_RENT', '263.952', '300000000', '7919', 'BO2', { packId: 'LFP350-0003' }),
      line(9, 'BATTERY_RENT', '-46.699', '291000000', '-1359', 'BO1', { packId: 'LFP350-0071' }),
      line(10, 'SWAP_HANDLING', '1', '10000000000', '1000', 'SO1'),
    ],
    clearing: [
      { principalId: 'SO1', role: 'STATION_OPERATOR', grossFen: '22340', commissionFen: '-485', netFen: '21855' },
      { principalId: 'BO2', role: 'BATTERY_OWNER', grossFen: '7919', commissionFen: '-238', netFen: '7681' },
      { principalId: 'BO1', role: 'BATTERY_OWNER', grossFen: '-1359', commissionFen: '41', netFen: '-1318' },
      { principalId: 'PF', role: 'PLATFORM', grossFen: '0', commissionFen: '682', netFen: '682' },
    ],
  };
}

const CHARTS: Record<string, string> = {
  station:
    'stateDiagram-v2\n[*] --> offline\noffline --> operative: gateway.online\noperative --> degraded: fault.raised\ndegraded --> operative: fault.cleared\noperative --> estop: estop.pressed\ndegraded --> estop: estop.pressed\nestop --> operative: local.confirmed\noperative --> offline: gateway.silent\ndegraded --> offline: gateway.silent',
  truck:
    'stateDiagram-v2\n[*] --> parked\nparked --> driving: trip.started\ndriving --> queueing: station.reached\nqueueing --> in_bay: bay.entered\nin_bay --> driving: truck.released\ndriving --> resting: rest.begun\nresting --> driving: rest.ended\ndriving --> stranded: soc.exhausted\nstranded --> driving: truck.recovered\ndriving --> parked: trip.ended',
  slot: 'stateDiagram-v2\n[*] --> empty\nempty --> charging: pack.placed\ncharging --> ready: soc.reached\nready --> reserved: pack.reserved\nreserved --> empty: pack.picked\ncharging --> quarantined: pack.hot\nquarantined --> empty: operator.cleared',
  pack: 'stateDiagram-v2\n[*] --> inRack\ninRack --> inTransfer: pack.picked\ninTransfer --> inTruck: pack.issued\ninTruck --> inTransfer: pack.lifted\ninTransfer --> inRack: pack.placed\ninRack --> quarantined: pack.hot\nquarantined --> inRack: pack.released',
};

/** Of machines with much inside of their states those of the twin. */
export function chartOf(machine: string): object | null {
  const mermaid = CHARTS[machine];
  if (mermaid !== undefined) return { machine, mermaid };
  const kind = ENTITY_KINDS.find((known) => known === machine);
  return kind === undefined ? null : servedChartOf(kind);
}

/** What goes on inside of the actors of the fixture, where the scene does not tell it. */
export function actorOf(machine: string, id: string, orders: readonly { id: string; state: string }[]): object {
  const inside: Record<string, string> = { bay: 'swapping', swap: 'PICKING', account: 'goodStanding', gateway: 'online' };
  const order = orders.find((each) => each.id === id)?.state ?? 'HELD';
  const state = machine === 'order' ? (ORDER_INSIDE[order] ?? order) : (inside[machine] ?? 'unknown');
  return { machine, id, state, since: null };
}
const ORDER_INSIDE: Record<string, string> = { IN_PROGRESS: 'IN_PROGRESS.underWay', ABNORMAL: 'ABNORMAL.open', HELD: 'HELD.waiting' };

export const PRINCIPALS = [
  { id: 'PF', name: 'Corridor Platform', nameZh: '走廊平台' },
  { id: 'SO1', name: 'Bohai Swap Stations', nameZh: '渤海换电运营' },
  { id: 'SO2', name: 'Taihang Energy Sites', nameZh: '太行能源场站' },
  { id: 'SO3', name: 'Xinzhou Green Power', nameZh: '忻州绿电运营' },
  { id: 'BO1', name: 'Hebei Battery Bank', nameZh: '河北电池银行' },
  { id: 'BO2', name: 'Jin Pack Leasing', nameZh: '晋电池租赁' },
  { id: 'BO3', name: 'Port Pack Holdings', nameZh: '港口电池资产' },
  { id: 'C1', name: 'Huanghua Port Haulage', nameZh: '黄骅港运输' },
  { id: 'C2', name: 'Shanxi Aluminium Logistics', nameZh: '山西铝业物流' },
  { id: 'C3', name: 'Baoding Bulk Transport', nameZh: '保定散货运输' },
  { id: 'C4', name: 'Yuanping Coal Lines', nameZh: '原平煤运' },
];

export const DEMO_USERS = [
  { id: 'ops', name: 'Wei Lan', role: 'PLATFORM_OPERATOR', principalId: 'PF' },
  { id: 'ops2', name: 'Sun Jie', role: 'PLATFORM_OPERATOR', principalId: 'PF' },
  { id: 'so1', name: 'Chen Hai', role: 'STATION_OPERATOR', principalId: 'SO1' },
  { id: 'bo1', name: 'Liu Yan', role: 'BATTERY_OWNER', principalId: 'BO1' },
  { id: 'c1', name: 'Zhao Ming', role: 'CARRIER', principalId: 'C1' },
  { id: 'd1', name: 'Wang Jun', role: 'DRIVER', principalId: 'C1' },
  { id: 'd2', name: 'Sun Qi', role: 'DRIVER', principalId: 'C1' },
];
