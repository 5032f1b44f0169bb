import type { approvalsEn } from './approvals-en.ts';

/** 待本人批准事项用语。 */
export const approvalsZhCn: typeof approvalsEn = {
  title: '待您批准',
  count: (n) => `${n} 项待您批准`,
  what: '事项',
  kind: {
    contracts: '换电合同',
    'settlement-agreements': '结算协议',
    'station-rates': '换电站费率',
    'battery-rates': '电池费率',
    tariffs: '分时电价',
    alliances: '联盟',
    withdrawals: '余额提现',
    receivers: '收款账户',
    'ownership-offers': '所有权转让',
  },
  offered: { STATION: '换电站', PACK: '电池包', TRUCK: '车辆' },
  owner: '现所有者',
  fromTaking: '自接受时',
  offerNote: '接受后即归您所有，此后的收入与费用由您承担；此前的仍属原所有者。',
  accept: '接受',
  decline: '谢绝',
};
