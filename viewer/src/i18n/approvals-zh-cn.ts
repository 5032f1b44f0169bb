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
  },
};
