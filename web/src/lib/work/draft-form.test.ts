import { describe, expect, it } from 'vitest';
import type { Method } from '../lots/notice';
import { formOf, fromAssets, type DraftNotice } from './draft-form';
import { noticeOf } from './draft-notice';
import { decimalOf, whole } from './typed';

/** Everything that says nothing is left out, so that what is compared is what is said. */
function said(value: unknown): unknown {
  if (Array.isArray(value)) return value.map(said);
  if (typeof value !== 'object' || value === null) return value;
  const parts = Object.entries(value)
    .map(([name, part]) => [name, said(part)] as const)
    .filter(([, part]) => part !== null && part !== undefined && part !== '' && part !== false && JSON.stringify(part) !== '{}' && JSON.stringify(part) !== '[]');
  return Object.fromEntries(parts);
}

const LEASE: DraftNotice = {
  title: '长龙48队374.6亩土地出租',
  category: 'collective-land',
  holder: 'collective',
  mode: 'lease',
  region: '500155001203',
  location: { province: '重庆市', county: '云溪县', township: '青石镇', village: '三岔村', detail: '东至公路' },
  components: [{ kind: '水田', quantity: { amount: '374.60', unit: 'mu' } }],
  term: { kind: 'length', span: 'P5Y6M', start: 'signing', at_most: false },
  price: {
    reserve: { amount: 82_000, basis: 'mu-year' },
    escalator: { kind: 'percent', percent: '2.5', every_years: 1, from_year: 2, compounding: true },
    confidential_reserve: false
  },
  method: {
    method: {
      kind: 'ascending',
      free_minutes: 60,
      limited_seconds: 300,
      extension_seconds: 120,
      step: { amount: 1_000, basis: 'mu-year' },
      steps_from: 'reserve'
    },
    venue: 'online'
  },
  deposit: { amount: 5_000_000, kind: 'bid', becomes_performance: true },
  payment: { plan: { kind: 'every-years', years: 1 }, within: { count: 5, working: true }, from: 'signing', text: '' },
  intended_use: '粮食种植',
  priority: { ranks: [['member'], ['sitting-lessee', 'co-owner']], none: false, exercise: 'match', text: '' },
  special_conditions: '不得掠夺性种植',
  schedule: { register_to: '2026-03-13T16:00:00+08:00', auction_from: '2026-03-16', announce_to: '2026-03-13' }
};

/** Notices with what the form knows, and with what it only keeps. */
const NOTICES: Record<string, DraftNotice> = {
  empty: {},
  lease: LEASE,
  sale: { title: '收割机', components: [{ kind: '', quantity: { amount: '3', unit: '台' } }], term: { kind: 'sale' }, price: { reserve: { amount: 100, basis: 'unit-term' } } },
  fixed: { term: { kind: 'fixed', from: '2026-01-01', to: '2030-12-31', counted: 'P5Y' }, price: { escalator: { kind: 'none' } } },
  until: { term: { kind: 'until', start: 'handover', to: '2028-08-31', counted: 'P3Y' } },
  amount: { price: { reserve: { amount: 1, basis: 'mu-year' }, escalator: { kind: 'amount', amount: 5_000, every_years: 5, from_year: 6 }, offers_in: 'whole-term' } },
  steps: { price: { escalator: { kind: 'steps', steps: [{ year: 5, percent: '5' }, { year: 8, percent: '5.00' }] } } },
  renegotiated: { price: { escalator: { kind: 'renegotiated', every_years: 5 } } },
  open: { price: { escalator: { kind: 'open' } } },
  'parts of two prices': {
    components: [
      { kind: '承包地', quantity: { amount: '120', unit: 'mu' }, price: { amount: 90_000, basis: 'mu-year' } },
      { kind: '机动地', quantity: { amount: '30', unit: 'mu' }, price: { amount: 70_000, basis: 'mu-year' } }
    ]
  },
  'by bidders': {
    price: { reserve: { amount: 500, basis: 'whole-year' } },
    method: {
      method: {
        kind: 'by-bidders',
        at_least: 3,
        enough: { kind: 'ascending', step: { amount: 100, basis: 'whole-year' }, extension_cap: 3, steps_from: 'leading' },
        fewer: { kind: 'tender', award: 'highest-price', tie: 'draw' } as Method
      },
      text: '三人以上竞价'
    }
  },
  'by bidders, sealed': {
    method: { method: { kind: 'by-bidders', at_least: 2, enough: { kind: 'sealed', tie: 'earlier' }, fewer: { kind: 'negotiated' } } }
  },
  sealed: { price: { reserve: { amount: 7, basis: 'whole-term' } }, method: { method: { kind: 'sealed', tie: 'draw', step: { amount: 1, basis: 'whole-term' } } } },
  rounds: { method: { method: { kind: 'multi-round', rounds: 3, ceiling: { amount: 9, basis: 'whole-term' } } } },
  tender: { method: { method: { kind: 'tender', award: 'scored', tie: 'draw' } as Method, venue: 'onsite' } },
  descending: { method: { method: { kind: 'descending', every_seconds: 30, floor: { amount: 1, basis: 'whole-term' } } } },
  draw: { method: { method: { kind: 'fixed-price-draw' } } },
  'step on another basis': {
    price: { reserve: { amount: 82_000, basis: 'mu-year' } },
    method: { method: { kind: 'ascending', step: { amount: 50_000, basis: 'whole-year' }, max_step: { amount: 90_000, basis: 'whole-year' }, ceiling: { amount: 7, basis: 'whole-year' } } }
  },
  instalments: { payment: { plan: { kind: 'instalments', parts: [{ percent: '40', year: 1 }, { percent: '60', year: 3 }] }, text: '分期' } },
  months: { payment: { plan: { kind: 'every-months', months: 3 } } },
  'text alone': { payment: { text: '见合同' }, priority: { text: '同等条件下优先' } },
  'no priority': { priority: { ranks: [], none: true, text: '' } },
  'next time': { priority: { ranks: [], none: false, next_time: true, text: '' } },
  window: { priority: { ranks: [['member']], exercise: 'window', window_days: 5, restricted_to: 'members' } },
  'grain and other deposits': {
    price: { reserve: { amount: 85_475, basis: 'grain-mu-year' }, grain: { grain: '稻谷', jin: '650', basis: 'mu-year', pricing: { kind: 'reference', fen_per_jin: '131.5' } }, published_total: 5 },
    other_deposits: [{ kind: 'risk', amount: { amount: 10_000, basis: 'mu-term' }, text: '每亩100元' }],
    category_text: '林下土地',
    takers: 88
  }
};

describe('a form of terms', () => {
  it.each(Object.entries(NOTICES))('saved untouched changes nothing: %s', (_, notice) => {
    expect(said(noticeOf(formOf(notice), notice))).toEqual(said(notice));
  });

  it('leaves out what is not said, rather than saying nothing of it', () => {
    const notice = noticeOf(formOf({}), {});
    expect(Object.keys(notice).sort()).toEqual(['components', 'intended_use', 'location', 'price', 'qualification', 'restrictions', 'special_conditions', 'title']);
    expect(notice.price).toEqual({});
  });

  it('forgets what was emptied', () => {
    const form = { ...formOf(LEASE), termKind: '' as const, reserveFen: null, escalator: '' as const, method: '' as const, venue: '', depositFen: null, priority: '' as const, plan: '' as const, within: '', withinFrom: '' as const, registerTo: null, category: '' };
    const notice = noticeOf(form, LEASE);
    for (const name of ['term', 'method', 'deposit', 'payment', 'priority', 'category']) expect(notice).not.toHaveProperty(name);
    expect(notice.price).toEqual({ confidential_reserve: false });
    expect(notice.schedule).toEqual({ auction_from: '2026-03-16', announce_to: '2026-03-13' });
  });

  it('takes steps in the basis that offers are made in, and moves them with it', () => {
    const moved = noticeOf({ ...formOf(LEASE), basis: 'whole-year' }, LEASE);
    expect(moved.method?.method).toMatchObject({ step: { amount: 1_000, basis: 'whole-year' } });
    const total = noticeOf({ ...formOf(LEASE), offersIn: 'whole-term' }, LEASE);
    expect(total.method?.method).toMatchObject({ step: { amount: 1_000, basis: 'whole-term' } });
  });

  it('writes wishes in Beijing time', () => {
    expect(formOf(LEASE)).toMatchObject({ registerTo: '2026-03-13T08:00:00.000Z', auctionFrom: '2026-03-16T01:00:00.000Z' });
    const notice = noticeOf({ ...formOf(LEASE), auctionFrom: '2026-03-18T02:30:00.000Z' }, LEASE);
    expect(notice.schedule?.auction_from).toBe('2026-03-18T10:30:00+08:00');
  });

  it('closes up ranks, and drops the window where no rank is given', () => {
    const form = formOf({});
    const ranked = noticeOf({ ...form, priority: 'ranks', ranks: { ...form.ranks, member: '3', other: '5' }, exercise: 'match' }, {});
    expect(ranked.priority).toMatchObject({ ranks: [['member'], ['other']], exercise: 'match' });
    const none = noticeOf({ ...formOf(LEASE), priority: 'none' }, LEASE);
    expect(none.priority).toMatchObject({ ranks: [], none: true });
    expect(none.priority).not.toHaveProperty('exercise');
  });

  it('changes the method whole', () => {
    const tender = noticeOf({ ...formOf(LEASE), method: 'tender', award: 'highest-price' }, LEASE);
    expect(tender.method?.method).toEqual({ kind: 'tender', award: 'highest-price' });
    const split = noticeOf({ ...formOf(LEASE), method: 'by-bidders', atLeast: '2', fewer: 'negotiated' }, LEASE);
    expect(split.method?.method).toMatchObject({ kind: 'by-bidders', enough: { kind: 'ascending', free_minutes: 60 }, fewer: { kind: 'negotiated' } });
  });

  it('reads numbers as people type them', () => {
    expect(['12', '１２', ' 7 ', '0', '-1', '1.5', ''].map(whole)).toEqual([12, 12, 7, null, null, null, null]);
    expect(['374.6', '1,234.5', '３．５', 'x', ''].map(decimalOf)).toEqual(['374.6', '1234.5', '3.5', null, null]);
  });

  it('is filled from assets where it is empty', () => {
    const asset = (name: string, more: object = {}) => ({
      description: { category: 'water', name, location: '河边', region: '500155001203', land_use: '养殖', photos: [], ...more },
      measured_mu: '12.3456'
    });
    const one = fromAssets(formOf({}), [asset('一号塘', { stated_mu: '12.3' })]);
    expect(one).toMatchObject({ category: 'water', title: '一号塘', detail: '河边', parts: [{ kind: '', amount: '12.3', unit: 'mu' }] });
    const two = fromAssets(formOf(LEASE), [asset('甲', { category: 'forest' }), asset('乙', { quantity: '5', unit: '口' })]);
    expect(two).toEqual({});
    const mixed = fromAssets(formOf({}), [asset('甲', { category: 'forest' }), asset('乙', { quantity: '5', unit: '口' })]);
    expect(mixed).toMatchObject({ category: '', title: '甲、乙', parts: [{ kind: '甲', amount: '12.3456', unit: 'mu' }, { kind: '乙', amount: '5', unit: '口' }] });
    expect(fromAssets(formOf({}), [])).toEqual({});
  });
});
