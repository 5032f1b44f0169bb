import type { chargesEn } from './charges-en.ts';

/** 套餐及换电以外费用的用语。 */
export const chargesZhCn: typeof chargesEn = {
  offers: '可购套餐',
  bought: '已购套餐',
  noPackages: '目前没有使用中的套餐。',
  noOffers: '现行合同不提供套餐。',
  offer: '套餐',
  validDays: (days) => `有效期 ${days} 天`,
  perUnit: { Wh: '/kWh', swap: '/次' },
  swaps: (n) => `${n} 次换电`,
  buy: '购买',
  buyNow: (price) => `从余额支付 ${price}`,
  done: '已购买，后续换电将优先使用。',
  remaining: '剩余',
  granted: (quantity) => `其中 ${quantity} 留给进行中的订单`,
  money: '对应金额',
  expires: '到期',
  soon: (days) => `${days} 天后`,
  over: '已到期',
  kind: { MONTHLY_RENT: '月租', NO_SHOW: '预约未到', OVERSTAY: '超时占位' },
  noCharges: '所选范围内没有费用：月租于月末后计收，违约金依合同计收。',
  booked: '入账时间',
  contract: '合同',
  corrected: '已更正',
  openCharge: '有争议的费用',
  allCharges: '全部费用',
  refusal: {
    OFFER_UNKNOWN: '现行合同没有该套餐',
    KEY_USED_WITH_OTHER_OFFER: '该请求已用于另一套餐',
    PACKAGE_OVER: '该套餐曾购买，已用完或到期',
  },
};
