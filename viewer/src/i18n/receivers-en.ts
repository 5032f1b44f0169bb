/** Words of where parties are paid out. */
export const receiversEn = {
  title: 'Where parties are paid out',
  none: 'No account is known yet.',
  noRail: 'Not available: no payment provider is connected here, or it cannot be read just now.',
  inForce: 'In force',
  draft: 'Change',
  account: 'Merchant number at the provider',
  name: 'Name as the provider knows it',
  invalid: 'A merchant number of letters, digits, - and _, and the name.',
  secondPerson: 'You drafted it. Another person of the platform approves it.',
  wallClock: 'by the clock on the wall',
  waiver: 'Why it is in force at once, if it is to be',
  waiverHint: 'Without a reason it is in force after its cooling time, in which the party may refuse it. The audit log keeps the reason.',
  waiverShort: 'A reason of at least two characters, or none.',
  note: 'A draft is in force when another person has approved it and its cooling time is over, in which the party may refuse it. Who approves the first account of a party, of which none was approved or refused before, may waive that time with a reason.',
};
