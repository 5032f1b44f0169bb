import { ABNORMAL_REASONS } from '@corridor/protocols/reason-code';
import { SWAP_STEPS, type SwapStepEvent } from '@corridor/protocols/swap-step';

/** What an abnormal order means and what to do about it, for a person. */
export interface AbnormalCause {
  readonly cause: string;
  readonly causeZh: string;
  readonly remedy: string;
  readonly remedyZh: string;
}
const of = (cause: string, causeZh: string, remedy: string, remedyZh: string): AbnormalCause => ({ cause, causeZh, remedy, remedyZh });

const MEASURE = [
  'Find out pack and SOC at the hand-over (report of the station, display of the pack) and repair with what was measured; write off what nobody can tell.',
  '查明交接时的电池及SOC（站端记录、电池显示），按实测值修复；无法查明的予以核销。',
] as const;
const AGREEMENT = [
  'Have the missing agreement approved, then repair: the order is billed at the prices of its begin.',
  '补齐并批准缺失的协议后修复：按订单开始时的价格计费。',
] as const;

const CAUSES: Readonly<Record<(typeof ABNORMAL_REASONS)[number], AbnormalCause>> = {
  BATTERY_OUT_TIMEOUT: of(
    'The truck gave its pack and none was given to it in time. What it brought back was credited, if it was measured.',
    '车辆交回电池后，未在时限内取得电池。交回部分若已计量则已退款。',
    'Nothing more is owed. If the credit is missing, repair with the pack that came in, and none out; else note the repair.',
    '无其他应付。若未退款，按“仅交回、未发出”修复；否则备注后关闭。',
  ),
  BATTERY_IN_MISSING: of('A pack was given, and none was seen to come back.', '已发出电池，但未见交回电池。', ...MEASURE),
  SOC_JUMP: of(
    'The SOC at the hand-over is far from what was read before, or from what the station charges to: it is not billed unseen.',
    '交接时的SOC与此前读数或场站充电目标相差过大，不予自动计费。',
    ...MEASURE,
  ),
  METER_MISMATCH: of(
    'The meter of the slot and the billed energy differ by more than 3 % of the nominal content.',
    '仓位电表与计费电量相差超过额定电量的3%。',
    'The bill stands. Check the meter; a correction is made by a new entry at the end of the period.',
    '账单不变。请核查电表；差额在期末以新分录更正。',
  ),
  GATEWAY_OFFLINE_BACKFILLED: of(
    'The swap was done while its station was offline, and could not be billed when it was heard of.',
    '换电时场站离线，补传后未能计费。',
    'Top up the account, then repair: the same measured values are billed.',
    '账户充值后修复：按已记录的实测值计费。',
  ),
  DUPLICATE_REPORT: of(
    'The station told the same swap twice, with different content.',
    '场站重复上报同一次换电，且内容不一致。',
    ...MEASURE,
  ),
  PAYMENT_CAPTURE_FAILED: of(
    'The packs changed hands, and hold and balance together did not cover the bill. The truck is blocked.',
    '电池已交换，但冻结金额与余额不足以支付账单；车辆已停用。',
    'Have the carrier top up, then repair: the bill is captured as measured and the truck is free again.',
    '承运商充值后修复：按实测账单扣款，车辆随即解除停用。',
  ),
  TARIFF_MISSING: of(
    'There was no tariff, rate or price for this swap; it is never priced at 0.',
    '该次换电缺少电价或费率，不以零价计费。',
    ...AGREEMENT,
  ),
  ODOMETER_MISSING: of(
    'The contract bills by the kilometre, and nobody knows how far the truck went.',
    '合同按里程计费，但行驶里程未知。',
    'Read the odometer and repair with it.',
    '读取里程表后按里程修复。',
  ),
  CLEARING_UNBALANCED: of(
    'The shares of the parties did not sum to the bill; nothing was booked.',
    '各方分账之和与账单不符，未入账。',
    'A fault of the platform: keep the evidence, have it mended, then repair.',
    '平台故障：保留证据，修正后修复。',
  ),
  NOT_AUTHORIZED: of('Packs were swapped that no order had authorised.', '未经授权的换电。', ...MEASURE),
  TRUCK_CHANGED: of(
    'After one truck was identified the station named another one: nobody was billed.',
    '识别车辆后，场站上报了另一车辆，未向任何一方计费。',
    'Find out which truck stood in the bay. Repair the order of that truck with what was measured, and write the other one off.',
    '查明实际在换电位的车辆：对该车辆的订单按实测值修复，另一订单核销。',
  ),
  PACK_CUSTODY_MISMATCH: of(
    'Another pack came in than the one that was checked on the truck, or a pack is not where the books say it is.',
    '交回的电池与入站时核验的不一致，或电池位置与台账不符。',
    'Find out whose pack it is and correct its custody, then repair with what was measured.',
    '查明电池归属并更正位置，再按实测值修复。',
  ),
  BATTERY_UNKNOWN: of(
    'A pack came that is not registered.',
    '出现未注册的电池。',
    'Register the pack, then repair with what was measured.',
    '先注册电池，再按实测值修复。',
  ),
  WRONG_PACK_ISSUED: of(
    'The station gave another pack than the reserved one, and that pack may not be billed.',
    '场站发出的电池与预留不符，且不可计费。',
    ...AGREEMENT,
  ),
  SWAP_FAILED: of('The station gave the swap up after packs had moved.', '电池已移动后换电失败。', ...MEASURE),
  SWAP_LOST: of('The end of the swap was never heard.', '未收到换电结束信息。', ...MEASURE),
};

const STEP_ZH: Readonly<Record<SwapStepEvent, string>> = {
  arrived: '到站',
  identified: '识别',
  authorized: '授权',
  positioned: '定位',
  made_safe: '安全确认',
  unlocked: '解锁',
  lifted: '吊起亏电电池包',
  moved_in: '移入仓位',
  battery_in: '放置入仓',
  picked: '抓取满电电池包',
  moved_out: '移向车辆',
  seated: '落座',
  locked: '锁止',
  battery_out: '装车自检',
  released: '放行',
};

/** `SWAP_ABORTED_PICKED`: the step that did not come about. */
function aborted(reason: string): AbnormalCause {
  const name = reason.slice('SWAP_ABORTED_'.length).toLowerCase();
  const event = SWAP_STEPS.find((known) => known.event === name)?.event;
  const step = name.replaceAll('_', ' ');
  const stepZh = event === undefined ? step : STEP_ZH[event];
  return of(`The swap was aborted at the step "${step}", after the pack was unlocked.`, `换电在解锁后中止，步骤：${stepZh}。`, ...MEASURE);
}

/** Words for every reason; a reason without words is a gap in this list, and its code is shown. */
export function abnormalCause(reason: string): AbnormalCause {
  const known = ABNORMAL_REASONS.find((each) => each === reason);
  if (known !== undefined) return CAUSES[known];
  if (reason.startsWith('SWAP_ABORTED_')) return aborted(reason);
  return of(`The order ended as ${reason}.`, `订单异常：${reason}。`, ...MEASURE);
}
