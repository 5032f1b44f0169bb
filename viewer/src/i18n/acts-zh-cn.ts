import type { actsEn } from './acts-en.ts';

/** 设备操作用语。 */
export const actsZhCn: typeof actsEn = {
  title: '操作',
  done: '已完成。',
  slots: { return: '恢复使用', 'set-aside': '停用' },
  packs: { clear: '解除隔离' },
  trucks: { block: '禁止换电', unblock: '恢复换电' },
  stations: { close: '停止换电', open: '恢复换电' },
  swaps: { abort: '中止换电' },
  custody: '更正位置',
  foundKind: '所在',
  foundAt: '编号',
  correct: '确认在此',
  refusal: {
    PACK_IN_SWAP: '电池包正在换电中',
    PLACE_TAKEN: '账上该处有另一电池包，请先说明其位置',
    ALREADY_THERE: '账上已在此处',
    PACK_NOT_QUARANTINED: '电池包不在隔离中',
    SLOT_IN_USE: '仓位正在使用',
    SLOT_WITHDRAWN: '仓位已停用',
    STATION_CLOSED: '换电站已停止换电',
    STATION_NOT_CLOSED: '换电站并未停止换电',
    TRUCK_BLOCKED: '车辆已被禁止换电',
    TRUCK_NOT_BLOCKED: '车辆并未被禁止换电',
    STOPPED_BY_PLATFORM: '由平台停止，仅平台可以恢复',
    BLOCKED_BY_ORDER: '因未付订单被禁止，修复或核销该订单后解除',
    SWAP_OVER: '换电已结束',
    SWAP_TOO_FAR: '已在解锁或其后步骤，只能继续完成',
    NOT_FOUND: '没有可见的此对象',
  },
};
