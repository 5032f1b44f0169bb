import type { receiversEn } from './receivers-en.ts';

/** 收款账户用语。 */
export const receiversZhCn: typeof receiversEn = {
  title: '各主体收款账户',
  none: '尚未登记收款账户。',
  noRail: '暂不可用：此处尚未接入支付机构，或目前无法读取。',
  inForce: '现行账户',
  draft: '变更',
  account: '支付机构商户号',
  name: '支付机构登记名称',
  invalid: '请填写商户号（字母、数字、- 与 _）及名称。',
  secondPerson: '该变更由您起草，须由平台另一人批准。',
  wallClock: '按实际时间',
  waiver: '立即生效的理由（如需免除冷静期）',
  waiverHint: '不填写理由则经冷静期后生效，期间该主体可拒绝；所填理由记入审计日志。',
  waiverShort: '理由至少两个字，或留空。',
  note: '草案经另一人批准并经冷静期后生效，期间该主体可拒绝；此前从未批准或拒绝过的首个账户，批准人可说明理由免除冷静期。',
};
