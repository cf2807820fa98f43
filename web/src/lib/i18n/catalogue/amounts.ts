import { messages } from '../messages';

/** Amounts: what inputs and confirmations say. */
export const amounts = messages({
  yuan: { zh: '元', en: 'yuan' },
  capitals: { zh: '大写', en: 'In capitals (大写)' },
  perMuYear: { zh: '每亩每年', en: 'Per mu and year' },
  perYear: { zh: '每年', en: 'Per year' },
  total: { zh: '全期合计', en: 'Whole term' },
  levelNote: { zh: '按不递增计算；有递增条款的以系统核算为准。', en: 'At a level price; with an escalator the server’s sum decides.' },

  empty: { zh: '请填写金额。', en: 'Enter an amount.' },
  'not-a-number': { zh: '无法识别这个金额。示例：82000、8.2万。', en: 'This can’t be read as an amount. Examples: 82000 or 1,234.50.' },
  negative: { zh: '金额不能为负数。', en: 'The amount can’t be negative.' },
  'finer-than-fen': { zh: '金额最多精确到分（两位小数）。', en: 'At most two decimals: an amount is whole fen.' },
  'too-large': { zh: '金额过大，请检查是否多写了零。', en: 'The amount is too large; is there a zero too many?' },

  askTitle: { zh: '请再次核对金额', en: 'Please check the amount again' },
  askHigh: { zh: '此金额是{label}的 {times} 倍。是不是多写了零，或把总价当成了单价？', en: 'This is {times} times {label}. Is there a zero too many, or the total in place of the unit price?' },
  askLow: { zh: '此金额只有{label}的 {percent}%。是不是少写了零，或把单价当成了总价？', en: 'This is only {percent} % of {label}. Is a zero missing, or the unit price in place of the total?' },
  reference: { zh: '参照：{label}', en: 'Compare: {label}' },
  yourAmount: { zh: '您填写的金额', en: 'Your amount' },
  goBack: { zh: '返回修改', en: 'Go back and change' },
  isRight: { zh: '金额无误，继续', en: 'It is right, go on' }
});
