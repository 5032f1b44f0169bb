import type { AUTHORISATION_REASONS } from './reason-code.ts';

/** Why an order is refused before its swap, as people read it: in the console, and in reports of plans. */
export const AUTHORISATION_WORDS: Readonly<Record<(typeof AUTHORISATION_REASONS)[number], { readonly en: string; readonly zh: string }>> = {
  DRIVER_NOT_CERTIFIED: { en: 'Driver not certified', zh: '司机未认证' },
  TOKEN_INVALID: { en: 'Token not valid', zh: '令牌无效' },
  DRIVER_TRUCK_MISMATCH: { en: 'Driver not bound to truck', zh: '司机与车辆未绑定' },
  TRUCK_NOT_REGISTERED: { en: 'Truck not registered', zh: '车辆未注册' },
  PLATE_RFID_MISMATCH: { en: 'Plate and tag differ', zh: '车牌与电子标签不符' },
  NO_CREDIT: { en: 'Not enough credit', zh: '余额不足' },
  PACK_CUSTODY_MISMATCH: { en: 'Pack is not the expected one', zh: '电池包与登记不符' },
  BATTERY_UNKNOWN: { en: 'Unknown pack', zh: '未知电池包' },
  BATTERY_TYPE: { en: 'Pack type does not fit', zh: '电池包型号不匹配' },
  NETWORK_NOT_ALLOWED: { en: 'No contract for this station', zh: '未签约该站' },
  NO_BATTERY_AVAILABLE: { en: 'No charged pack', zh: '无可换电池包' },
  RANGE_INSUFFICIENT: { en: 'Range too short', zh: '续航不足' },
  CONCURRENT_ORDER: { en: 'Another order is open', zh: '存在未完成订单' },
  STATION_NOT_OPERATIVE: { en: 'Station not operative', zh: '换电站不可用' },
  TARIFF_MISSING: { en: 'Tariff missing', zh: '缺少电价' },
  ODOMETER_MISSING: { en: 'Odometer not known', zh: '里程未知' },
  QUOTE_EXPIRED: { en: 'Quote expired', zh: '报价过期' },
};

type Language = 'en' | 'zh';

/** All of them in one language, by code. */
export const authorisationWords = (language: Language): Record<string, string> =>
  Object.fromEntries(Object.entries(AUTHORISATION_WORDS).map(([reason, words]) => [reason, words[language]]));
