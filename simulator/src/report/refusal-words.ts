import type { AUTHORISATION_REASONS } from '@corridor/protocols/reason-code';
import { type Words, words } from './words.ts';

/** Why an order is refused before its swap, as the console tells it. */
export const REFUSAL_WORDS: Readonly<Record<(typeof AUTHORISATION_REASONS)[number], Words>> = {
  DRIVER_NOT_CERTIFIED: words('driver not certified', '司机未认证'),
  TOKEN_INVALID: words('token not valid', '令牌无效'),
  DRIVER_TRUCK_MISMATCH: words('driver not bound to truck', '司机与车辆未绑定'),
  TRUCK_NOT_REGISTERED: words('truck not registered', '车辆未注册'),
  PLATE_RFID_MISMATCH: words('plate and tag differ', '车牌与电子标签不符'),
  NO_CREDIT: words('not enough credit', '余额不足'),
  PACK_CUSTODY_MISMATCH: words('pack is not the expected one', '电池包与登记不符'),
  BATTERY_UNKNOWN: words('unknown pack', '未知电池包'),
  BATTERY_TYPE: words('pack type does not fit', '电池包型号不匹配'),
  NETWORK_NOT_ALLOWED: words('no contract for this station', '未签约该站'),
  NO_BATTERY_AVAILABLE: words('no charged pack', '无可换电池包'),
  RANGE_INSUFFICIENT: words('range too short', '续航不足'),
  CONCURRENT_ORDER: words('another order is open', '存在未完成订单'),
  STATION_NOT_OPERATIVE: words('station not operative', '换电站不可用'),
  TARIFF_MISSING: words('tariff missing', '缺少电价'),
  ODOMETER_MISSING: words('odometer not known', '里程未知'),
  QUOTE_EXPIRED: words('quote expired', '报价过期'),
};
