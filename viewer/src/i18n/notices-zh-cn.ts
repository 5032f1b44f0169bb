import type { NoticeWords } from '@corridor/protocols/notice';

/** 平台自动发出的通知。 */
export const noticesZhCn: NoticeWords = {
  SWAP_NOW: ({ plate, socPercent }) => ({ title: '请立即换电', text: `${plate}：剩余电量 ${socPercent} %` }),
  PACK_RESERVED: ({ stationId }) => ({ title: `已在${stationId}为您预留电池`, text: '已有人代您预留。请驶往该站并进入工位，或退还电池。' }),
  NO_CREDIT: ({ orderId, truckId, stationId, yuan }) => ({
    title: '换电被拒：余额不足',
    text: `车辆 ${truckId} 在${stationId}的订单 ${orderId} 未能冻结报价 ${yuan} 元。`,
  }),
  ORDER_ABNORMAL: ({ orderId, truckId, stationId, reason }) => ({
    title: '订单待核查',
    text: `车辆 ${truckId} 在${stationId}的订单 ${orderId} 异常：${reason}。`,
  }),
  BILL_FLAGGED: ({ orderId, stationId, reason }) => ({
    title: '账单已标记',
    text: `${stationId}的订单 ${orderId} 已计费并标记：${reason}。请查看其实测值。`,
  }),
  STATEMENT_DUE: ({ statementId, yuan }) => ({ title: '结算单待缴', text: `结算单 ${statementId} 为负数，应缴 ${yuan} 元。` }),
};
