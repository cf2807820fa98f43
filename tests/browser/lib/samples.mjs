/**
 * An exchange made up for tests of the pages: what its API would answer. No person, place or deal in it is real. Times count from `base`, so that
 * the same lot is always as far from its deadlines.
 */
import { createHash } from 'node:crypto';

const DAY = 86_400_000;
const HOUR = 3_600_000;
const MINUTE = 60_000;

export const id = (n) => `01970000-0000-7000-8000-${String(n).padStart(12, '0')}`;
const hex = (text) => createHash('sha256').update(text).digest('hex');

const outline = {
  type: 'Polygon',
  coordinates: [[[108.37012, 31.95021], [108.37385, 31.95102], [108.37561, 31.94987], [108.37648, 31.94743], [108.37402, 31.94618], [108.37093, 31.94701], [108.37012, 31.95021]]]
};

const location = { province: '重庆市', city: '', county: '示范县', township: '东风镇', village: '红岩村', detail: '东至机耕道，南至河堤，西至二组界，北至公路。' };

/** A land lot's notice: rent that rises, a priority right, everything said. */
const land = {
  title: '红岩村二组 374.6 亩耕地经营权',
  category: 'collective-land',
  holder: 'collective',
  mode: 'lease',
  location,
  components: [{ kind: '水田', quantity: { amount: '300', unit: 'mu' } }, { kind: '旱地', quantity: { amount: '74.6', unit: 'mu' } }],
  term: { kind: 'length', span: 'P5Y', start: 'signing', at_most: false },
  price: { reserve: { amount: 82_000, basis: 'mu-year' }, escalator: { kind: 'percent', percent: '2', every_years: 1, from_year: 2, compounding: true }, confidential_reserve: false },
  method: {
    method: {
      kind: 'by-bidders', at_least: 2,
      enough: { kind: 'ascending', free_minutes: 60, limited_seconds: 300, extension_seconds: 120, step: { amount: 1_000, basis: 'mu-year' }, steps_from: 'reserve' },
      fewer: { kind: 'negotiated' }
    },
    venue: 'online',
    text: '网络竞价'
  },
  deposit: { amount: 6_140_000, kind: 'bid', becomes_performance: false },
  other_deposits: [{ kind: 'risk', amount: { amount: 10_000, basis: 'mu-term' }, text: '签订合同时交纳' }],
  payment: { plan: { kind: 'every-years', years: 1 }, within: { count: 5, working: true }, from: 'signing', text: '' },
  intended_use: '种植粮食作物',
  restrictions: '不得改变农业用途，不得抛荒。',
  priority: { ranks: [['member'], ['sitting-lessee']], none: false, exercise: 'match', next_time: false, text: '' },
  qualification: '具有农业经营能力，信用良好。',
  special_conditions: '现有作物收获前由原承包户管理。\n灌溉设施由受让方维护。'
};

const shop = {
  title: '红岩村集体商铺 3 间',
  category: 'operating-asset',
  holder: 'collective',
  mode: 'lease',
  location: { ...location, detail: '镇街 12 号' },
  components: [{ quantity: { amount: '3', unit: '间' } }],
  term: { kind: 'fixed', from: '2026-04-01', to: '2029-03-31' },
  price: { reserve: { amount: 4_800_000, basis: 'whole-year' }, escalator: { kind: 'none' } },
  method: { method: { kind: 'ascending', free_minutes: 60, step: { amount: 50_000, basis: 'whole-year' } }, venue: 'online', text: '' },
  priority: { ranks: [], none: true }
};

/** The exchange at a moment, in milliseconds. */
export function exchange(base = Date.now()) {
  const at = (ms) => new Date(base + ms).toISOString();
  const day = (ms) => new Date(base + ms + 8 * HOUR).toISOString().slice(0, 10);
  const schedule = (announced, closes, opens) => ({
    announced_at: at(announced), registration_closes: at(closes), auction_opens: at(opens), free_until: at(opens + HOUR), limited_seconds: 300, extension_seconds: 120
  });
  const documents = [
    { digest: hex('title'), kind: 'title', name: '不动产权证.pdf', media_type: 'application/pdf', size: 482_133, public: true },
    { digest: hex('contract'), kind: 'contract-draft', name: '土地经营权出租合同（样本）.docx', media_type: 'application/x', size: 38_400, public: true }
  ];
  const lot = (n, state, change = {}) => ({
    id: id(n), number: `SF-2026-${String(n).padStart(4, '0')}`, state, collective_id: id(900), collective_name: '示范县东风镇红岩村股份经济合作社', region: '500236102003',
    asset_ids: [id(901)], notice: land, schedule: schedule(-6 * DAY, 8 * DAY, 10 * DAY), revision: 1, rulebook: '示范县 2026-01', rulebook_digest: hex('rules'), area_mu: '374.6',
    reserve_fen: 82_000, step_fen: 1_000, reserve_total_fen: 159_853_544, per_mu_year_fen: 85_346, deposit_fen: 6_140_000, documents, notes: [], geometry: JSON.stringify(outline), ...change
  });
  const asShop = { notice: shop, area_mu: undefined, geometry: undefined, reserve_fen: 4_800_000, step_fen: 50_000, reserve_total_fen: 14_400_000, per_mu_year_fen: undefined, deposit_fen: 480_000, documents: [] };
  const ran = { schedule: schedule(-30 * DAY, -16 * DAY, -14 * DAY), registrations: 5, qualified: 4 };
  const won = { ...ran, price_fen: 96_000, total_fen: 187_145_612, winner_number: 5, notice_to_date: day(2 * DAY), sign_by_date: day(16 * DAY) };
  const lots = [
    lot(1, 'announced'),
    lot(2, 'bidding', { schedule: schedule(-20 * DAY, -2 * DAY, -30 * MINUTE), registrations: 4, qualified: 3 }),
    lot(3, 'announced', { ...asShop, schedule: schedule(-13 * DAY, 5 * HOUR, 2 * DAY), notes: [{ kind: 'corrected', text: '保证金由 5000 元更正为 4800 元。', noted_at: at(-2 * DAY) }], revision: 2 }),
    lot(4, 'registration-closed', { schedule: schedule(-16 * DAY, -1 * DAY, 20 * HOUR), registrations: 3, qualified: 3 }),
    lot(5, 'suspended', { notes: [{ kind: 'suspended', text: '有关机关要求中止，权属争议处理中。', noted_at: at(-1 * DAY) }] }),
    lot(6, 'result-notice', won),
    lot(7, 'certified', won),
    lot(8, 'unsold', { ...ran, registrations: 1, qualified: 0 })
  ];

  const bids = [[1, 2, 82_000], [2, 5, 83_000], [3, 3, 86_000], [4, 5, 88_000], [5, 2, 89_000]].map(([seq, bidder, amount_fen]) => ({
    seq, bidder, amount_fen, kind: 'bid', placed_at: at(-25 * MINUTE + seq * MINUTE), ends_at: at(35 * MINUTE)
  }));
  const room = {
    lot_id: id(2), title: land.title, phase: 'free', reserve_fen: 82_000, step_fen: 1_000, leading_fen: 89_000, leader: 2, next_fen: 90_000, offers: 5, admitted: 3,
    opens_at: at(-30 * MINUTE), free_until_at: at(30 * MINUTE), ends_at: at(35 * MINUTE), limited_seconds: 300, extension_seconds: 120, extensions: 0, last_event: 5,
    now_at: at(0), notice: land, region: '500236102003'
  };
  const closedRoom = { ...room, lot_id: id(6), phase: 'closed', outcome: 'sold', winner: 5, leader: 5, leading_fen: 96_000, next_fen: null };

  const deals = [780, 805, 820, 850, 880, 910].map((yuan, n) => ({
    lot_id: id(50 + n), number: `SF-2025-${n}`, title: `东风镇 ${n + 1} 组耕地`, region: '500236102', mu: String(200 + 40 * n), term_months: 60, per_mu_year_fen: yuan * 100,
    total_fen: yuan * 100 * 1000, qualified: 2 + (n % 3), sold_on: day(-(40 + 50 * n) * DAY)
  }));
  const comparables = { items: deals, count: 14, lower_quartile_fen: 80_500, median_fen: 83_500, upper_quartile_fen: 88_000, region: '500236', since_date: day(-1095 * DAY) };

  const registration = (n, lotN, state, change = {}) => ({
    id: id(300 + n), lot_id: id(lotN), lot_title: land.title, lot_state: 'announced', state, review: 'pending', deposit_fen: 6_140_000, deposit_held: false, revision: 1,
    filed_at: at(-3 * DAY), documents: [], ...change
  });
  const registrations = [
    registration(1, 20, 'filed', { priority_claim: 'member', documents: [{ digest: hex('evidence'), kind: 'other', name: '成员证明.pdf', media_type: 'application/pdf', size: 12_000, public: false }] }),
    registration(2, 21, 'needs-confirmation', { lot_title: shop.title, review: 'accepted', deposit_fen: 480_000, deposit_held: true }),
    registration(3, 2, 'qualified', { lot_state: 'bidding', review: 'accepted', deposit_held: true, priority_claim: 'member', priority_rank: 1 }),
    registration(4, 8, 'rejected', { lot_state: 'unsold', review: 'rejected', reasons: '未提供农业经营能力证明。' })
  ];
  const payee = { payee_name: '示范县农村产权交易中心保证金专户', payee_bank: '示范县农村信用合作联社营业部', payee_account: '500236010100012345' };
  const deposits = [
    { registration_id: id(301), lot_id: id(20), lot_number: 'SF-2026-0020', amount_fen: 6_140_000, state: 'due', reference: 'SB7K-2M9Q-XH', ...payee, due_at: at(8 * DAY) },
    { registration_id: id(303), lot_id: id(2), lot_number: 'SF-2026-0002', amount_fen: 6_140_000, state: 'held', reference: 'SB3T-8W4C-PA', ...payee, due_at: at(-2 * DAY), held_at: at(-3 * DAY) },
    { registration_id: id(305), lot_id: id(6), lot_number: 'SF-2026-0006', amount_fen: 6_140_000, state: 'release-ordered', reference: 'SB9D-1F6N-KE', ...payee, held_at: at(-20 * DAY), return_by_date: day(3 * DAY) }
  ];
  const contract = {
    id: id(400), number: 'HT-2026-0006', lot_id: id(6), title: land.title, state: 'signing', transferor: '示范县东风镇红岩村股份经济合作社', transferee: '张某某', price_fen: 96_000,
    total_fen: 187_145_612, first_payment_fen: 35_961_600, fee_fen: 1_971_456, deposit_applied_fen: 6_140_000, paid_fen: 0, outstanding_fen: 31_793_056, reference: 'SC4H-6J2R-VD',
    schedule: [1, 2, 3, 4, 5].map((number) => ({ number, amount_fen: 35_961_600 + number * 700_000, after_months: (number - 1) * 12 })),
    sign_by_date: day(9 * DAY), digest: hex('terms'), my_side: 'transferee', notice: land, transferor_fee_fen: 0
  };
  const signed = { ...contract, id: id(401), state: 'signed', transferor_signed_at: at(-2 * DAY), transferee_signed_at: at(-1 * DAY), pay_by_date: day(4 * DAY), term_from_date: day(-1 * DAY), term_to_date: day(1824 * DAY) };
  const settled = { ...signed, id: id(402), state: 'settled', paid_fen: 31_793_056, outstanding_fen: 0, certificate_number: 'JZ-500236-2026-000007' };

  const entry = (index, kind, body, ms, actor = 'system', of = 6) => ({
    index,
    entry: JSON.stringify({ actor, at: at(ms), body, kind, region: '500236102003', rulebook: '示范县 2026-01', subject: `lot:${id(of)}` }),
    leaf_hash: ''
  });
  const certificateDigest = hex('certificate');
  const raw = [
    entry(0, 'lot.drafted', { lot: id(6), collective: id(900) }, -40 * DAY, id(910)),
    entry(1, 'decision.recorded', { decision: id(902), lot: id(6), assembly: 'assembly', eligible: 312, present: 260, in_favour: 231, against: 20, held_on: day(-41 * DAY), minutes: hex('minutes') }, -39 * DAY, id(910)),
    entry(2, 'lot.submitted', { lot: id(6), draft: hex('draft'), documents: [hex('title')], decision: id(902) }, -38 * DAY, id(911)),
    entry(3, 'lot.reviewed', { lot: id(6), stage: 'township', outcome: 'approved', draft: hex('draft'), reason_digest: hex('reason') }, -36 * DAY, id(912)),
    entry(4, 'lot.announced', { lot: id(6), number: 'SF-2026-0006', deposit: 6_140_000, revision: 1, notice: { title: land.title } }, -30 * DAY, id(913)),
    entry(5, 'registration.closed', { lot: id(6), filed: 5, qualified: 4, next: 'auction' }, -16 * DAY),
    entry(6, 'room.opened', { lot: id(6), reserve: 82_000, step: 1_000, opens: at(-14 * DAY), free_until: at(-14 * DAY + HOUR), limited_seconds: 300, extension_seconds: 120 }, -14 * DAY),
    entry(7, 'bid.placed', { lot: id(6), seq: 1, number: 5, amount: 96_000, offer: 'bid', ends_at: at(-14 * DAY + HOUR) }, -14 * DAY + MINUTE, 'bidder:5'),
    entry(8, 'room.closed', { lot: id(6), outcome: 'sold', offers: 1, admitted: 4, winner: 5, price: 96_000, closed_at: at(-14 * DAY + HOUR) }, -14 * DAY + HOUR),
    entry(9, 'result.published', { lot: id(6), winner: 5, registration: id(305), price: 96_000, total: 187_145_612, qualified: 4, notice_to: day(2 * DAY) }, -14 * DAY + HOUR),
    entry(10, 'certificate.issued', { certificate: id(500), number: 'JZ-500236-2026-000007', contract: id(402), lot: id(7), digest: certificateDigest }, -1 * DAY, id(914), 7)
  ];
  const log = tree(raw);

  const certificate = {
    id: id(500), number: 'JZ-500236-2026-000007', contract_number: 'HT-2026-0007', lot_id: id(7), lot_name: land.title, category: 'collective-land', owner: '示范县东风镇红岩村股份经济合作社',
    transferor: { name: '示范县东风镇红岩村股份经济合作社', legal_representative: '李**', id_number: 'N2500236********6X', kind: 'collective' },
    transferee: { name: '张**', id_number: '5002**********551X', kind: 'natural-person' }, quantity: '374.6', unit: '亩', location: '重庆市示范县东风镇红岩村 东至机耕道，南至河堤，西至二组界，北至公路。',
    reserve_fen: 82_000, price_fen: 96_000, price_basis: '元/亩/年', total_fen: 187_145_612, total_capitals: '人民币壹佰捌拾柒万壹仟肆佰伍拾陆元壹角贰分', method: '增价竞价', mode: 'lease',
    term_from_date: day(-1 * DAY), term_to_date: day(1824 * DAY), intended_use: '种植粮食作物', certifying_body: '示范县农村产权交易中心', issued_on: day(-1 * DAY), remarks: '', digest: certificateDigest,
    status: 'valid', prints: 1, log_index: 10,
    qr_svg: '<svg xmlns="http://www.w3.org/2000/svg" viewBox="0 0 8 8"><rect width="8" height="8" fill="#fff"/><path d="M0 0h3v3H0zM5 0h3v3H5zM0 5h3v3H0zM4 4h1v1H4zM6 5h1v2H6z"/></svg>'
  };
  const party = { id: id(600), kind: 'natural-person', name: '张**', identity_number: '5002**********551X', mobile: '138****0000', bank: '示范县农村信用合作联社', bank_account: '6222 **** 1111', registered_at: at(-30 * DAY), has_account: true };
  const rulesText = JSON.stringify({
    category: 'collective-land', region: '500236', version: '2026-01',
    rules: {
      'announcement.period': { basis: '《农村产权流转交易管理办法》第十八条', en: 'The announcement runs for at least 10 working days.', severity: 'refusal', value: { count: 10 }, zh: '公告期不少于 10 个工作日。' },
      'auction.outlier': { basis: '【默认】', en: 'An offer of more than one and a half times the current price is asked for again.', severity: 'warning', value: {}, zh: '出价超过当前价一倍半的，须再次确认。' }
    }
  });
  const rulebook = { digest: hex(rulesText), label: '示范县 2026-01', region: '500236', category: 'collective-land', text: rulesText };
  return { lots, room, closedRoom, bids, comparables, registrations, deposits, contracts: [contract, signed, settled], log, certificate, party, rulebook, at, day };
}

/** A small log with proofs that hold (RFC 6962). */
function tree(entries) {
  const hash = (...parts) => createHash('sha256').update(Buffer.concat(parts)).digest();
  const leaves = entries.map((one) => hash(Buffer.of(0), Buffer.from(one.entry)));
  const split = (n) => 2 ** Math.floor(Math.log2(n - 1));
  const root = (part) => (part.length === 1 ? part[0] : hash(Buffer.of(1), root(part.slice(0, split(part.length))), root(part.slice(split(part.length)))));
  const path = (index, part) => {
    if (part.length === 1) return [];
    const k = split(part.length);
    return index < k ? [...path(index, part.slice(0, k)), root(part.slice(k))] : [...path(index - k, part.slice(k)), root(part.slice(0, k))];
  };
  const items = entries.map((one, n) => ({ ...one, leaf_hash: leaves[n].toString('hex') }));
  const checkpoint = { size: items.length, root: root(leaves).toString('hex'), note: `sanbian.test/log\n${items.length}\n`, vkey: 'sanbian.test/log+00000000+AAAA' };
  return {
    items,
    checkpoint,
    inclusion: (index) => items[index] && { entry: items[index], hashes: path(index, leaves).map((one) => one.toString('hex')), checkpoint, proof: `c2sp.org/tlog-proof@v1\n${index}\n` }
  };
}
