/** What there is in the stand-in's village: one field, a lot in each state. Made up. */
const now = Date.now();
export const iso = (days, hours = 0) => new Date(now + days * 86400000 + hours * 3600000).toISOString();
export const day = (d) => new Date(now + d * 86400000).toISOString().slice(0, 10);
/** An id for the n-th thing. */
export const U = (n) => `01970000-0000-7000-8000-${String(n).padStart(12, '0')}`;
export const F = (
  rule,
  severity,
  zh,
  en,
  field,
  facts = {},
  basis = '规则手册 保证金；民法典 第五百八十六条',
  rz = '请核对后修改',
  re = 'Check and change it'
) => ({ rule, basis, severity, message: { zh, en }, remedy: { zh: rz, en: re }, ...(field ? { field } : {}), facts });
export const geometry = {
  type: 'Polygon',
  coordinates: [
    [
      [108.3712, 31.9521],
      [108.3751, 31.9518],
      [108.3759, 31.9546],
      [108.3722, 31.9553],
      [108.3712, 31.9521]
    ]
  ]
};
export const collective = {
  id: U(1),
  name: '云溪县青石镇三岔村股份经济合作联合社',
  uscc: 'N2500155MF0000011X',
  holder: 'collective',
  region: '500155001203',
  address: '三岔村一组办公室',
  members: 1248,
  voters: 986,
  households: 412,
  members_recorded_at: iso(-40),
  registered_at: iso(-300),
  legal_representative: '刘*',
  bank: '云溪农村商业银行青石支行',
  bank_account: '6222****0188',
  charter: { adopted_on: '2021-03-20', representatives: 45, reserve_percent: '30', share_mode: 'static' }
};
export const notice = {
  title: '三岔村河坝田 374.6 亩土地经营权出租',
  category: 'collective-land',
  category_text: '',
  holder: 'collective',
  holder_text: '',
  mode: 'lease',
  mode_text: '',
  region: '500155001203',
  location: { province: '重庆市', city: '', county: '云溪县', township: '青石镇', village: '三岔村', detail: '东至公路，南至沟，西至刘家塘，北至山脚' },
  components: [{ kind: '水田', quantity: { amount: '374.6', unit: 'mu' } }],
  term: { kind: 'length', span: 'P5Y', start: 'signing', at_most: false },
  price: {
    reserve: { amount: 82000, basis: 'mu-year' },
    escalator: { kind: 'percent', percent: '2', every_years: 1, from_year: 2, compounding: true },
    confidential_reserve: false
  },
  method: { method: { kind: 'ascending', free_minutes: 60, step: { amount: 1000, basis: 'mu-year' }, steps_from: 'reserve' }, venue: 'online', text: '' },
  deposit: { amount: 6000000, kind: 'bid', becomes_performance: true },
  other_deposits: [],
  schedule: {},
  payment: { plan: { kind: 'every-years', years: 1 }, within: { count: 5, working: true }, from: 'signing', text: '' },
  intended_use: '粮食、蔬菜种植',
  restrictions: '不得改变农业用途',
  priority: { ranks: [['member'], ['sitting-lessee']], none: false, exercise: 'match', next_time: false, text: '' },
  qualification: '具有农业经营能力',
  special_conditions: '不得掠夺性种植；期满交还时应保持耕作层完好。'
};
export const check = {
  findings: [
    F('deposit.share', 'refusal', '保证金应为首年租金的 5% 至 20%，现为 19.53%', 'The deposit must be 5 % to 20 % of the first year’s rent', 'deposit', {
      share: '0.1953',
      min: '1/20',
      max: '1/5'
    }),
    F('term.remaining', 'warning', '租期超过 5 年的宜约定租金调整', 'Terms above five years should have an escalator', 'term', { years: 5 }),
    F('area.tolerance', 'note', '公告面积374.6亩与图上面积376.0012亩相差在允许范围内', 'Within tolerance', 'components', {
      'stated-mu': '374.6',
      'measured-mu': '376.0012'
    }),
    F('decision.needed', 'refusal', '还没有通过的民主决策', 'the members’ decision is not there yet', 'decision')
  ],
  rulebook: 'cn-500155/collective-land@2026.1',
  reserve_total_fen: 159853565,
  first_year_fen: 30717200,
  per_mu_year_fen: 85346
};
export const docs = [
  { digest: 'a1'.repeat(32), kind: 'minutes', name: '2026年3月成员大会会议记录.pdf', media_type: 'application/pdf', size: 834221, public: false },
  {
    digest: 'b2'.repeat(32),
    kind: 'contract-draft',
    name: '土地经营权出租合同样本.docx',
    media_type: 'application/vnd.openxmlformats-officedocument.wordprocessingml.document',
    size: 45120,
    public: true
  }
];
export const decision = {
  id: U(700),
  assembly: 'assembly',
  notice_on: day(-20),
  held_on: day(-12),
  eligible: 986,
  present: 812,
  in_favour: 701,
  against: 80,
  abstained: 25,
  minutes_digest: 'a1'.repeat(32),
  outside_allowed: true,
  matters: ['transfer'],
  party_discussed_on: day(-22)
};
export const draft = (n, state, more = {}) => ({
  id: U(n),
  collective_id: U(1),
  collective_name: collective.name,
  region: '500155001203',
  asset_ids: [U(50)],
  state,
  version: 3,
  notice,
  check,
  documents: docs,
  decision: null,
  reviews: [],
  created_at: iso(-9),
  updated_at: iso(-1),
  may: ['edit', 'decide', 'submit'],
  ...more
});
export const reviews = [
  { stage: 'township', outcome: 'returned', reasons: '四至不清，请补充西侧界线；会议记录缺签到页。', reviewer_id: U(900), reviewed_at: iso(-5) },
  { stage: 'township', outcome: 'approved', reasons: '已补正。', reviewer_id: U(900), reviewed_at: iso(-3) }
];
export const drafts = [
  draft(100, 'draft'),
  draft(101, 'returned', { reviews: [reviews[0]] }),
  draft(102, 'submitted', { may: ['withdraw'], next_review: 'township', decision, notice: { ...notice, title: '三岔村加工厂房出租' } }),
  draft(103, 'announced', { may: [], decision, reviews }),
  draft(104, 'result-notice', { may: [], decision, reviews, notice: { ...notice, title: '三岔村一号塘养殖水面出租', category: 'water' } }),
  draft(105, 'unsold', { may: ['relist'], decision, reviews })
];
export const schedule = {
  announced_at: iso(-8),
  registration_closes: iso(4),
  auction_opens: iso(5),
  free_until: iso(5, 1),
  limited_seconds: 300,
  extension_seconds: 120
};
export const lot = (n, state, more = {}) => ({
  id: U(n),
  number: `YX-2026-00${n - 100}`,
  state,
  collective_id: U(1),
  collective_name: collective.name,
  region: '500155001203',
  asset_ids: [U(50)],
  notice,
  schedule,
  revision: 1,
  rulebook: check.rulebook,
  rulebook_digest: 'cd'.repeat(32),
  area_mu: '374.6',
  reserve_fen: 82000,
  step_fen: 1000,
  reserve_total_fen: 159853565,
  per_mu_year_fen: 85346,
  deposit_fen: 6000000,
  documents: docs.filter((d) => d.public),
  notes: [],
  geometry: JSON.stringify(geometry),
  ...more
});
export const asset = {
  id: U(50),
  collective_id: U(1),
  collective_name: collective.name,
  description: {
    category: 'collective-land',
    name: '河坝田',
    location: '东至公路，南至沟，西至刘家塘，北至山脚',
    region: '500155001203',
    stated_mu: '374.6',
    land_use: '水田',
    geometry,
    title_number: '渝（2021）云溪县不动产权第000123号',
    title_until_on: '2057-12-31',
    valuation: { value_fen: 1800000000, valued_on: '2025-10-01', valuer: '云溪县正衡资产评估事务所' },
    photos: []
  },
  measured_square_metres: '250667.47',
  measured_mu: '376.0012',
  srid: 4525,
  geometry_digest: 'ee'.repeat(32),
  findings: [F('area.difference', 'note', '实测与登记面积相差 0.37%', 'The areas differ by 0.37 %', 'stated_mu', { share: '0.0037' })],
  version: 1,
  registered_at: iso(-100),
  updated_at: iso(-100)
};
export const deals = {
  items: [1, 2, 3, 4].map((n) => ({
    lot_id: U(600 + n),
    number: `YX-2025-01${n}`,
    title: `青石镇水田 ${n * 40} 亩出租`,
    region: '500155001',
    mu: String(n * 40),
    term_months: 60,
    per_mu_year_fen: 80000 + n * 2000,
    total_fen: 9000000,
    qualified: n + 1,
    sold_on: day(-100 * n)
  })),
  count: 17,
  lower_quartile_fen: 76000,
  median_fen: 83500,
  upper_quartile_fen: 91000,
  region: '500155',
  since_date: day(-1095)
};
export const registrations = [
  {
    id: U(300),
    lot_id: U(103),
    lot_title: notice.title,
    lot_state: 'announced',
    state: 'filed',
    review: 'pending',
    priority_claim: 'member',
    deposit_fen: 6000000,
    deposit_held: true,
    revision: 1,
    filed_at: iso(-2),
    party_name: '刘*明',
    party_id_number: '5001**********0018',
    documents: [{ ...docs[0], kind: 'other', name: '农业经营能力说明.pdf' }]
  },
  {
    id: U(301),
    lot_id: U(103),
    lot_title: notice.title,
    lot_state: 'announced',
    state: 'qualified',
    review: 'accepted',
    deposit_fen: 6000000,
    deposit_held: true,
    revision: 1,
    filed_at: iso(-3),
    party_name: '重庆**农业发展有限公司',
    party_id_number: '9150**********XX1A',
    documents: []
  },
  {
    id: U(302),
    lot_id: U(103),
    lot_title: notice.title,
    lot_state: 'announced',
    state: 'rejected',
    review: 'rejected',
    reasons: '经营范围不含农业。',
    deposit_fen: 6000000,
    deposit_held: false,
    revision: 1,
    filed_at: iso(-3),
    party_name: '王*',
    party_id_number: '5001**********0034',
    documents: []
  }
];
export const contract = (n, state, more = {}) => ({
  id: U(n),
  number: `YXHT-2026-00${n - 400}`,
  lot_id: U(104),
  title: '三岔村一号塘养殖水面出租',
  state,
  transferor: collective.name,
  transferee: '刘*明',
  price_fen: 88000,
  total_fen: 171550000,
  first_payment_fen: 32964800,
  fee_fen: 1230000,
  transferor_fee_fen: 0,
  deposit_applied_fen: 6000000,
  paid_fen: 0,
  outstanding_fen: 28194800,
  reference: 'C7K3-9QPM-2',
  schedule: [1, 2, 3, 4, 5].map((k) => ({
    number: k,
    amount_fen: 32964800 + k * 650000,
    ...(k === 1 ? { after_months: 0 } : { due_date: day(365 * (k - 1)) })
  })),
  term_from_date: day(10),
  term_to_date: day(1835),
  sign_by_date: day(6),
  digest: 'f0'.repeat(32),
  my_side: 'transferor',
  notice,
  ...more
});
export const deposits = ['held', 'due', 'release-ordered', 'released', 'applied'].map((state, k) => ({
  registration_id: U(300 + k),
  lot_id: U(103),
  lot_number: 'YX-2026-003',
  amount_fen: 6000000,
  state,
  reference: `D${k}K3-9QPM-2`,
  payee_name: '云溪县农村产权交易中心',
  payee_bank: '云溪农商行',
  payee_account: '6222000011112222',
  due_at: iso(4),
  held_at: state === 'due' ? null : iso(-1),
  return_by_date: day(9)
}));
export const lines = [
  {
    id: U(800),
    bank_line: '20260313-000017',
    booked_on: day(-1),
    direction: 'in',
    amount_fen: 6000000,
    counterparty: '刘*明',
    counterparty_account: '6217****3321',
    remark: '土地保证金',
    state: 'unmatched',
    reason: 'no-reference'
  },
  {
    id: U(801),
    bank_line: '20260313-000021',
    booked_on: day(-1),
    direction: 'in',
    amount_fen: 5900000,
    counterparty: '王*',
    counterparty_account: '6217****8812',
    remark: 'D1K3-9QPM-2',
    state: 'unmatched',
    reason: 'wrong-amount'
  },
  {
    id: U(802),
    bank_line: '20260314-000002',
    booked_on: day(0),
    direction: 'out',
    amount_fen: 6000000,
    counterparty: '王*',
    counterparty_account: '6217****8812',
    remark: 'P2X4-7QWE-1',
    state: 'unmatched',
    reason: 'not-approved'
  }
];
export const payouts = [
  {
    id: U(810),
    kind: 'deposit-return',
    lot_id: U(103),
    amount_fen: 6000000,
    payee: '王*',
    payee_account: '6217****8812',
    reference: 'P2X4-7QWE-1',
    state: 'ordered',
    due_date: day(3),
    ordered_at: iso(-1)
  },
  {
    id: U(811),
    kind: 'proceeds',
    lot_id: U(104),
    amount_fen: 32964800,
    payee: collective.name,
    payee_account: '6222****0188',
    reference: 'P9A1-2BCD-7',
    state: 'approved',
    due_date: day(2),
    ordered_at: iso(-2)
  },
  {
    id: U(812),
    kind: 'line-return',
    amount_fen: 120000,
    payee: '赵*',
    payee_account: '',
    reference: 'P0Z9-1QAZ-3',
    state: 'paid',
    ordered_at: iso(-9),
    paid_at: iso(-8)
  }
];
export const books = {
  accounts: [
    { id: U(820), code: 'bank', posted_fen: 45084800, pending_fen: 0 },
    { id: U(821), code: `deposits:${U(300)}`, posted_fen: -6000000, pending_fen: 0 },
    { id: U(822), code: `deposits:${U(301)}`, posted_fen: -6000000, pending_fen: 6000000 },
    { id: U(823), code: `contract:${U(400)}`, posted_fen: 0, pending_fen: 0 },
    { id: U(824), code: `collective:${U(1)}`, posted_fen: -31734800, pending_fen: 0 },
    { id: U(825), code: 'fees', posted_fen: -1230000, pending_fen: 0 },
    { id: U(826), code: `suspense:${U(800)}`, posted_fen: -120000, pending_fen: 0 }
  ],
  sum_fen: 0
};
export const postings = [1, 2, 3].map((k) => ({
  transfer_id: U(830 + k),
  debit_code: 'bank',
  credit_code: `deposits:${U(299 + k)}`,
  amount_fen: 6000000,
  state: k === 3 ? 'pending' : 'posted',
  reason: 'deposit-received',
  posted_at: iso(-k)
}));
export const alert = (n, state, more = {}) => ({
  id: U(n),
  kind: 'price-far-below',
  lot_id: U(104),
  lot_number: 'YX-2026-004',
  lot_title: '三岔村一号塘养殖水面出租',
  region: '500155001203',
  finding: F(
    'alert.price-far-below',
    'warning',
    '成交价每亩每年 412 元，低于同类成交中位数 835 元的一半',
    'The price of ¥412 per mu and year is less than half of the median of ¥835',
    null,
    { 'price-fen': '41200', 'median-fen': '83500', count: '17' },
    '规则手册 监督预警'
  ),
  state,
  raised_at: iso(-1),
  ...more
});
export const kinds = [
  'lot.drafted',
  'decision.recorded',
  'lot.submitted',
  'lot.reviewed',
  'lot.reviewed',
  'lot.announced',
  'registration.filed',
  'registration.reviewed',
  'deposit.held',
  'registration.closed',
  'room.opened',
  'bid.placed',
  'room.closed',
  'result.published',
  'contract.drawn'
];
export const zh = [
  '集体经办人起草标的',
  '登记民主决策：全体 986 人，赞成 701 人',
  '提交审核',
  '乡镇审核通过',
  '县级审核通过',
  '发布公告 YX-2026-004',
  '一人报名',
  '报名资格审核通过',
  '保证金 60,000 元到账',
  '报名截止：3 人报名，2 人可以出价',
  '竞价开始',
  '1 号出价 850 元/亩/年',
  '竞价结束：1 号以 880 元/亩/年胜出',
  '成交公示',
  '合同已拟定'
];
export const steps = kinds.map((kind, k) => ({
  index: 1200 + k * 3,
  happened_at: iso(-20 + k),
  kind,
  actor: k < 3 ? '陈*' : k === 11 ? 'bidder:1' : k > 8 ? 'system' : '张*',
  rulebook: check.rulebook,
  zh: zh[k],
  en: kind
}));
export const summary = {
  lot_id: U(104),
  number: 'YX-2026-004',
  title: '三岔村一号塘养殖水面出租',
  region: '500155001203',
  steps: steps.length,
  last_kind: 'contract.drawn',
  last_at: iso(-1),
  open_alerts: 1
};
export const accounts = [
  {
    id: U(900),
    username: 'qingshi.clerk',
    display_name: '陈*',
    region: '500155001203',
    created_at: iso(-200),
    must_change_password: false,
    grants: [{ role: 'clerk', region: '500155001203' }]
  },
  {
    id: U(901),
    username: 'county.review',
    display_name: '张*',
    region: '500155',
    created_at: iso(-200),
    must_change_password: true,
    grants: [
      { role: 'county-reviewer', region: '500155' },
      { role: 'operator', region: '500155' }
    ]
  },
  { id: U(902), username: '138****0000', display_name: '李*', region: '', created_at: iso(-20), disabled_at: iso(-2), must_change_password: false, grants: [] }
];
export const members = [1, 2, 3, 4, 5].map((k) => ({
  id: U(950 + k),
  household_id: U(960 + (k >> 1)),
  household_number: `00${k >> 1}`,
  name: '刘**',
  identity_number: '5001**********00' + k + '8',
  relation: ['head', 'spouse', 'child', 'parent', 'other'][k - 1],
  votes: k !== 3
}));
