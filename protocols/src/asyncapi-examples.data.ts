import { subject } from './subject.ts';

/**
 * Examples in `/asyncapi.json`: one swap begun at station HH1 by truck T001, from its arrival to its acknowledgement. By
 * message name; a test holds each against its schema.
 */
const SWAP = { requestId: 17, bayId: 'HH1-B1', truckId: 'T001', plate: '冀J0001D', idToken: { idToken: 'CT-090000', type: 'Central' } };
const ORDER = 'O-7K2M9';
const COMMAND = '6d0f2f1e-6a0b-4a55-9a6e-0f4f1f7d2a11';
const TAKEN = { evseId: 8, serialNumber: 'LFP350-0001', soC: 21.5, soH: 94.2 };
const GIVEN = { evseId: 3, serialNumber: 'LFP350-0063', soC: 95, soH: 97.1 };
/** Odd requestIds are the station's, and stepSeq counts the events of the swap. */
let seq = 411;
let stepSeq = 0;

const message = (type: string, at: string, data: object) => ({
  schema: `${type}/1`,
  src: 'HH1',
  bootId: 4,
  seq: ++seq,
  tsEvent: `2026-07-15T20:${at}+08:00`,
  tsSend: `2026-07-15T20:${at}+08:00`,
  backfill: false,
  q: [],
  data,
});
const swap = (event: string, at: string, step: number, durationMs: number, extra: object = {}, orderId: string | null = ORDER) =>
  message(`evt.swap.${event}`, at, { ...SWAP, orderId, step, stepSeq: ++stepSeq, durationMs, ...extra });
const command = (args: object) => ({
  commandId: COMMAND,
  issuedBy: 'twin',
  issuedAt: '2026-07-15T20:12:25.700+08:00',
  expiresAt: '2026-07-15T20:27:25.700+08:00',
  args,
});

export const EXAMPLES: Readonly<Record<string, object>> = {
  'station.evt.gateway.online': {
    ...message('evt.gateway.online', '00:00.000', {
      firmware: '1.4.2',
      protocol: 'evs.v1',
      journalledEvents: 2,
      previous: { bootId: 3, evtSeq: 2907 },
    }),
    seq: 1,
  },
  'station.cmd.time.sync': { ...command({ scopeAt: '2026-07-15T20:00:00.120+08:00', factor: 1 }) },
  'station.cmd.notify.refused': {
    subject: subject.stationEvent('live', 'HH1', 'swap', 'identified'),
    messageId: 'HH1:4:evt:413',
    reason: 'SCHEMA_VIOLATION',
    detail: '/data: must have required properties packSerialNumber',
    at: '2026-07-15T12:12:25.040Z',
    moreRefused: 0,
  },
  'station.evt.swap.arrived': swap('arrived', '12:10.000', 0, 0, {}, null),
  'station.evt.swap.identified': swap(
    'identified',
    '12:25.000',
    1,
    15_000,
    {
      rfid: 'E2801160600002A1',
      vin: 'LFWSRXRJ0P1F00001',
      initiation: 'LOCAL',
      packSerialNumber: 'LFP350-0001',
      packSocPercent: 21.7,
      odometerM: 184_220_300,
    },
    null,
  ),
  'station.cmd.swap.start': command({
    requestId: SWAP.requestId,
    orderId: ORDER,
    idToken: SWAP.idToken,
    truckId: SWAP.truckId,
    plate: SWAP.plate,
    returnPackId: TAKEN.serialNumber,
    issuePackId: GIVEN.serialNumber,
    issueEvseId: GIVEN.evseId,
    initiation: 'LOCAL',
  }),
  'station.cmd.swap.reject': command({ requestId: SWAP.requestId, reasonCode: 'NO_CREDIT' }),
  'command.reply': { commandId: COMMAND, result: 'ACCEPTED', timeoutMs: 900_000 },
  'station.evt.swap.authorized': swap('authorized', '12:35.000', 2, 10_000),
  'station.evt.swap.positioned': swap('positioned', '13:05.000', 3, 30_000),
  'station.evt.swap.made_safe': swap('made_safe', '13:20.000', 4, 15_000),
  'station.evt.swap.unlocked': swap('unlocked', '13:30.000', 5, 10_000),
  'station.evt.swap.lifted': swap('lifted', '14:05.000', 6, 35_000),
  'station.evt.swap.moved_in': swap('moved_in', '14:35.000', 7, 30_000),
  'station.evt.swap.battery_in': swap('battery_in', '14:55.000', 8, 20_000, { batteryData: [TAKEN] }),
  'station.evt.swap.picked': swap('picked', '15:20.000', 9, 25_000),
  'station.evt.swap.moved_out': swap('moved_out', '15:50.000', 10, 30_000),
  'station.evt.swap.seated': swap('seated', '16:25.000', 11, 35_000),
  'station.evt.swap.locked': swap('locked', '16:40.000', 12, 15_000),
  'station.evt.swap.battery_out': swap('battery_out', '17:00.000', 13, 20_000, { batteryData: [GIVEN] }),
  'station.evt.swap.released': swap('released', '17:10.000', 14, 10_000),
  'station.evt.swap.completed': swap('completed', '17:10.010', 14, 0),
  'station.res': message('res', '17:10.020', { commandId: COMMAND, result: 'ACCEPTED' }),
  'station.ack': { bootId: 4, evtSeq: 428 },
  'station.evt.charge.updated': message('evt.charge.updated', '30:00.000', {
    transactionId: 'HH1-4-8-2',
    evseId: 8,
    packId: 'LFP350-0001',
    gridRegisterWh: 48_200,
    pvRegisterWh: 3_100,
    socPercent: 36.9,
    sohPercent: 94.2,
    reason: null,
  }),
  'station.tele.slots': {
    ...message('tele.slots', '30:05.000', {
      stationId: 'HH1',
      slots: [
        {
          evseId: 8,
          slotState: 'HOLDS_PACK',
          packId: 'LFP350-0001',
          chargingState: 'CHARGING',
          setpointW: 240_000,
          powerW: 238_400,
          voltageV: 628.4,
          currentA: 379.4,
          meterWh: 96_412_300,
          plugTempC: 41.2,
          smoke: false,
          doorOpen: false,
        },
      ],
    }),
    seq: 90_412,
  },
  'station.evt.swap.rejected': {
    ...message('evt.swap.rejected', '12:26.000', {
      ...SWAP,
      orderId: null,
      step: 1,
      stepSeq: 3,
      durationMs: 0,
      reasonCode: 'NO_CREDIT',
      interlock: null,
      recoverable: false,
      detail: null,
    }),
    seq: 415,
  },
  'station.tele.packs': {
    ...message('tele.packs', '30:05.010', {
      stationId: 'HH1',
      packs: [
        {
          packId: 'LFP350-0001',
          typeCode: 'LFP350',
          location: { kind: 'SLOT', id: 'HH1-8' },
          socPercent: 37.1,
          sohPercent: 94.2,
          energyWh: 122_318,
          voltageV: 628.4,
          currentA: 379.4,
          powerW: 238_400,
          cellVmaxV: 3.351,
          cellVminV: 3.338,
          cellTmaxC: 33.5,
          cellTminC: 30.8,
          insulationOhm: 2_400_000,
          contactor: 'CLOSED',
          cycles: 412.6,
          throughputWh: 138_620_000,
          faultCodes: [],
        },
      ],
    }),
    seq: 90_413,
  },
  'station.tele.station': {
    ...message('tele.station', '30:05.020', {
      stationId: 'HH1',
      state: 'OPERATIVE',
      readyPacks: 5,
      chargingPacks: 2,
      emptySlots: 1,
      queueLength: 0,
      estWaitMs: 0,
      gridPowerW: 491_000,
      gridLimitW: 2_000_000,
      pvPowerW: 0,
      auxPowerW: 12_000,
      activeTariffPeriod: 'PEAK',
      ambientC: 27.5,
      windMps: 3.1,
      commsRttMs: 24,
    }),
    seq: 90_414,
  },
  'station.evt.gateway.inventory': {
    ...message('evt.gateway.inventory', '00:00.050', {
      slots: [
        { evseId: 1, slotState: 'HOLDS_PACK', packId: 'LFP350-0061', socPercent: 95, sohPercent: 96.4 },
        { evseId: 8, slotState: 'EMPTY', packId: null, socPercent: null, sohPercent: null },
      ],
    }),
    seq: 2,
  },
};
