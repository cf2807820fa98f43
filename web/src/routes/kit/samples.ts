/** Made-up data for the page of components. No person, place or deal in it is real. */
import type { Finding } from '$lib/api/problem';
import type { Parcel } from '$lib/ui/map/geometry';

export const FINDINGS: Finding[] = [
  {
    rule: 'term.rent-limit',
    basis: '《民法典》第七百零五条',
    severity: 'refusal',
    message: { zh: '租赁期限 30 年，超过法定上限 20 年。', en: 'The lease runs 30 years; the law allows 20.' },
    remedy: { zh: '将期限改为 20 年以内。', en: 'Shorten the term to 20 years or less.' },
    field: 'term.years',
    facts: { 'term-years': '30', 'limit-years': '20' }
  },
  {
    rule: 'price.far-below-comparables',
    basis: '县规则手册 2026-1 第 18 条',
    severity: 'warning',
    message: { zh: '底价低于同类成交中位数的 60%。', en: 'The reserve is below 60 % of the median of comparable deals.' },
    remedy: { zh: '提高底价，或说明理由。', en: 'Raise the reserve, or give the reason.' },
    field: 'price.reserve',
    facts: { 'median-fen': '82000', 'sample-size': '14' }
  },
  {
    rule: 'price.no-escalator',
    basis: '县规则手册 2026-1 第 21 条',
    severity: 'note',
    message: { zh: '期限超过 5 年而没有递增条款。', en: 'The term is over 5 years and the price has no escalator.' },
    remedy: { zh: '可考虑约定每三年递增。', en: 'Consider an increase every three years.' },
    field: null,
    facts: { 'term-years': '10' }
  }
];

export const LOTS = [
  { id: '1', name: '东风村二组 374.6 亩耕地经营权', state: 'bidding', area: '374.6', fen: 82_000, closes: '2026-03-09T02:00:00.000Z' },
  { id: '2', name: '红岩村集体商铺 3 间', state: 'announced', area: null, fen: 4_800_000, closes: '2026-03-12T08:30:00.000Z' },
  { id: '3', name: '清水村养殖水面 56.25 亩', state: 'certified', area: '56.25', fen: 61_550, closes: '2026-02-20T09:05:00.000Z' }
];

export const STATES = [
  'draft', 'submitted', 'township-reviewed', 'county-reviewed', 'returned', 'announced', 'registration-closed', 'bidding', 'priority-exercise',
  'result-notice', 'contract', 'settled', 'certified', 'suspended', 'terminated', 'unsold', 'defaulted', 'something-new'
];

export const PARCELS: Parcel[] = [
  {
    id: 'a',
    label: '二组 1 号',
    geometry: {
      type: 'Polygon',
      coordinates: [
        [
          [108.37012, 31.95021], [108.37385, 31.95102], [108.37561, 31.94987], [108.37648, 31.94743], [108.37402, 31.94618], [108.37093, 31.94701], [108.37012, 31.95021]
        ]
      ]
    }
  },
  {
    id: 'b',
    label: '三组',
    tone: 'other',
    geometry: {
      type: 'Polygon',
      coordinates: [
        [
          [108.37648, 31.94743], [108.37561, 31.94987], [108.37855, 31.95066], [108.37941, 31.94799], [108.37648, 31.94743]
        ]
      ]
    }
  }
];

export const HISTORY = {
  times: ['2024-03-01', '2024-06-01', '2024-09-01', '2024-12-01', '2025-03-01', '2025-06-01', '2025-09-01', '2025-12-01'],
  median: [68_000, 69_500, 71_000, 70_500, 74_000, 76_500, 80_000, 82_000],
  reserve: [60_000, 61_000, 64_000, null, 66_000, 70_000, 72_000, 75_000]
};
