import { messages } from '../messages';

/** The pieces that the terms of a notice are said with. */
export const terms = messages({
  comma: { zh: '，', en: ', ' },
  semicolon: { zh: '；', en: '; ' },
  then: { zh: '＞', en: ', then ' },
  or: { zh: '、', en: ' or ' },

  year: { zh: '{n} 年', en: '{n} y' },
  month: { zh: '{n} 个月', en: '{n} mo' },
  day: { zh: '{n} 天', en: '{n} d' },

  sale: { zh: '一次性转让，无期限', en: 'Sale, no term' },
  fixed: { zh: '{from} 至 {to}（{span}）', en: '{from} to {to} ({span})' },
  length: { zh: '{span}，自{start}起', en: '{span} from {start}' },
  atMost: { zh: '不超过 {span}，自{start}起', en: 'At most {span} from {start}' },
  until: { zh: '自{start}起至 {to}', en: 'From {start} to {to}' },
  signing: { zh: '合同签订之日', en: 'the day of signing' },
  handover: { zh: '交付之日', en: 'the day of handover' },
  award: { zh: '成交之日', en: 'the day of the award' },
  unstated: { zh: '签约时商定之日', en: 'a day settled at signing' },

  everyYear: { zh: '每年', en: 'every year' },
  everyYears: { zh: '每 {n} 年', en: 'every {n} years' },
  level: { zh: '不递增', en: 'No escalation' },
  percentCompound: { zh: '第 {from} 年起{every}在上期基础上递增 {percent}%', en: '{percent} % {every} from year {from}, on the rent before' },
  percentSimple: { zh: '第 {from} 年起{every}按首年租金递增 {percent}%', en: '{percent} % of the first year’s rent {every} from year {from}' },
  amountMore: { zh: '第 {from} 年起{every}增加 {amount}', en: '{amount} more {every} from year {from}' },
  oneStep: { zh: '第 {year} 年起递增 {percent}%', en: '{percent} % from year {year}' },
  renegotiated: { zh: '{every}按市场价调整', en: 'Adjusted to the market {every}' },
  open: { zh: '{every}递增，幅度未写明', en: 'Escalates {every} by a rate not stated' },
  notSaid: { zh: '公告未写明', en: 'Not said in the notice' },

  ascending: { zh: '增价竞价', en: 'Ascending auction' },
  sealed: { zh: '一次性报价', en: 'One sealed offer each' },
  'multi-round': { zh: '多轮报价', en: 'Several rounds of sealed offers' },
  descending: { zh: '降价竞价', en: 'Descending auction' },
  tender: { zh: '招标', en: 'Tender' },
  negotiated: { zh: '协议（公开协商）', en: 'Negotiation' },
  'fixed-price-draw': { zh: '固定价格抽签', en: 'Fixed price with a draw' },
  byBidders: { zh: '{n} 人以上{enough}，不足 {n} 人{fewer}', en: '{enough} for {n} or more bidders, {fewer} for fewer than {n}' },
  'highest-price': { zh: '价高者得', en: 'highest price' },
  'lowest-price': { zh: '价低者得', en: 'lowest price' },
  scored: { zh: '综合评审', en: 'scored by published weights' },
  online: { zh: '网上', en: 'Online' },
  onsite: { zh: '现场', en: 'On site' },
  both: { zh: '现场与网上同步', en: 'On site and online' },

  freePeriod: { zh: '自由竞价 {minutes} 分钟', en: 'a free period of {minutes} minutes' },
  limitedPeriod: {
    zh: '随后限时竞价：结束前 {window} 秒内有人出价，结束时间顺延 {extension} 秒',
    en: 'then a limited one: an offer in its last {window} seconds moves the end by {extension} seconds'
  },
  extensionCap: { zh: '最多顺延 {n} 次', en: 'at most {n} times' },

  'lump-sum': { zh: '一次性付清', en: 'All at once' },
  yearly: { zh: '一年一付，先付后用', en: 'Yearly, beforehand' },
  everyFewYears: { zh: '每 {n} 年一付，先付后用', en: 'Every {n} years, beforehand' },
  everyMonths: { zh: '每 {n} 个月一付，先付后用', en: 'Every {n} months, beforehand' },
  instalment: { zh: '第 {year} 年付 {percent}%', en: '{percent} % in year {year}' },
  within: { zh: '首期款自{anchor}起 {days}内付清', en: 'the first within {days} of {anchor}' },
  workingDays: { zh: '{n} 个工作日', en: '{n} working days' },
  calendarDays: { zh: '{n} 天', en: '{n} days' },
  'from-award': { zh: '成交', en: 'the award' },
  'from-result-notice': { zh: '成交公示期满', en: 'the end of the result notice' },
  'from-signing': { zh: '签订合同', en: 'signing' },

  noPriority: { zh: '本标的不设优先权', en: 'No priority right in this lot' },
  match: { zh: '竞价中按同价报价行使', en: 'used by matching the leading price in the auction' },
  window: { zh: '竞价结束后 {n} 天内行使', en: 'used by taking the final price within {n} days after the auction' },
  nextTime: { zh: '再流转时同等条件优先（不适用于本次）', en: 'a promise for the next transfer, not for this one' },

  grain: { zh: '实物计租：{grain} {jin} 斤/亩/年', en: 'Rent in grain: {jin} jin of {grain} per mu a year' },
  grainAny: { zh: '粮食', en: 'grain' },
  grainReference: { zh: '按每斤 {price} 折价', en: 'at {price} a jin' },
  grainYear: { zh: '按当年价折价', en: 'at the price of the year' },

  mu: { zh: '亩', en: 'mu' },
  'square-metre': { zh: '平方米', en: 'm²' },
  hectare: { zh: '公顷', en: 'ha' },
  'cubic-metre': { zh: '立方米', en: 'm³' },
  'cubic-metre-year': { zh: '立方米/年', en: 'm³ a year' }
});
