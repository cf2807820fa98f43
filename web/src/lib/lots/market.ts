/** What is searched for in the market, as it stands in the page's address: a search can be kept, sent and gone back to. */
import { inputYuan, readYuan } from '../format/money';
import { parseDecimal } from '../format/decimal';
import type { LotView } from './types';

/** Groups of states that people look for. The first one is what the market shows by itself. */
export const STATES = {
  open: ['announced', 'registration-closed', 'bidding', 'priority-exercise', 'suspended'],
  registering: ['announced'],
  bidding: ['registration-closed', 'bidding', 'priority-exercise'],
  done: ['result-notice', 'contract', 'settled', 'certified', 'unsold', 'defaulted', 'terminated'],
  all: []
} as const satisfies Record<string, readonly string[]>;
export type StateGroup = keyof typeof STATES;

export const SORTS = ['closing', 'newest', 'price', 'area'] as const;
export type Sort = (typeof SORTS)[number];

/** The form of the search. Texts as typed; empty where nothing is asked. */
export interface Search {
  q: string;
  category: string;
  region: string;
  state: StateGroup;
  minMu: string;
  maxMu: string;
  /** Yuan per mu and year. */
  minPrice: string;
  maxPrice: string;
  sort: Sort;
}

export const ANYTHING: Search = { q: '', category: '', region: '', state: 'open', minMu: '', maxMu: '', minPrice: '', maxPrice: '', sort: 'closing' };

/** The names in the page's address. */
const NAMES: Record<keyof Search, string> = {
  q: 'q',
  category: 'category',
  region: 'region',
  state: 'state',
  minMu: 'min_mu',
  maxMu: 'max_mu',
  minPrice: 'min_price',
  maxPrice: 'max_price',
  sort: 'sort'
};

const isGroup = (text: string): text is StateGroup => Object.hasOwn(STATES, text);
const isSort = (text: string): text is Sort => (SORTS as readonly string[]).includes(text);

/** Reads an address; what makes no sense in it is left out. */
export function readSearch(params: URLSearchParams): Search {
  const text = (key: keyof Search): string => params.get(NAMES[key])?.trim() ?? '';
  const [state, sort, region] = [text('state'), text('sort'), text('region')];
  return {
    q: text('q'),
    category: text('category'),
    region: /^\d{2,14}$/.test(region) ? region : '',
    state: isGroup(state) ? state : ANYTHING.state,
    minMu: areaText(text('minMu')) ?? '',
    maxMu: areaText(text('maxMu')) ?? '',
    minPrice: priceText(text('minPrice')) ?? '',
    maxPrice: priceText(text('maxPrice')) ?? '',
    sort: isSort(sort) ? sort : ANYTHING.sort
  };
}

/** The address of a search, without what says nothing: `/market?q=…`. The page may have a query of its own. */
export function searchHref(search: Search, page = '/market'): string {
  const params = new URLSearchParams();
  for (const key of Object.keys(NAMES) as (keyof Search)[]) {
    const typed = search[key].trim();
    const value = (PLAIN[key]?.(typed) ?? typed).trim();
    if (value && value !== ANYTHING[key]) params.set(NAMES[key], value);
  }
  const query = params.toString();
  return query ? `${page}${page.includes('?') ? '&' : '?'}${query}` : page;
}

/** The parameters of `GET /api/v1/lots`. */
export function searchParams(search: Search, cursor: string | undefined, limit: number): URLSearchParams {
  const params = new URLSearchParams({ sort: search.sort, limit: String(limit) });
  const set = (name: string, value: string | null): void => {
    if (value) params.set(name, value);
  };
  set('q', search.q);
  set('category', search.category);
  set('region', search.region);
  set('state', STATES[search.state].join(','));
  set('min_mu', areaText(search.minMu));
  set('max_mu', areaText(search.maxMu));
  set('min_per_mu_year_fen', fenText(search.minPrice));
  set('max_per_mu_year_fen', fenText(search.maxPrice));
  set('cursor', cursor ?? null);
  return params;
}

/** How many conditions beside the words and the state are set, for the button that shows them. */
export function conditions(search: Search): number {
  const keys = ['category', 'region', 'minMu', 'maxMu', 'minPrice', 'maxPrice'] as const;
  return keys.filter((key) => search[key].trim() !== '').length;
}

/** An area as plain decimal text; null where it is none. */
export function areaText(typed: string): string | null {
  const text = typed.normalize('NFKC').replaceAll(',', '').replace(/\s|亩/g, '');
  const value = parseDecimal(text);
  return value && value.units > 0n ? text : null;
}

/** How what was typed stands in the address. */
const PLAIN: Partial<Record<keyof Search, (typed: string) => string | null>> = { minMu: areaText, maxMu: areaText, minPrice: priceText, maxPrice: priceText };

function priceText(typed: string): string | null {
  const read = readYuan(typed);
  return 'fen' in read ? inputYuan(read.fen) : null;
}

function fenText(typed: string): string | null {
  const read = readYuan(typed);
  return 'fen' in read ? String(read.fen) : null;
}

/** A place that lots lie in. */
export interface Place {
  code: string;
  /** Empty where there is no one name for it. */
  name: string;
}

/**
 * The counties, townships and collectives that some lots belong to, for a choice: nobody knows codes by heart. A code whose lots lie in places of
 * several names, as where an exchange serves others too, keeps its code for a name.
 */
export function placesOf(lots: readonly Pick<LotView, 'region' | 'notice' | 'collective_name'>[]): Place[] {
  const names = new Map<string, Set<string>>();
  const add = (code: string, name: string | undefined): void => {
    if (name) names.set(code, (names.get(code) ?? new Set()).add(name));
  };
  for (const { region, notice, collective_name } of lots) {
    const at = notice.location ?? {};
    if (region.length >= 6) add(region.slice(0, 6), at.county);
    if (region.length >= 9 && at.county && at.township) add(region.slice(0, 9), `${at.county} ${at.township}`);
    if (region.length >= 12) add(region, collective_name);
  }
  return [...names]
    .map(([code, found]) => ({ code, name: found.size === 1 ? ([...found][0] ?? '') : '' }))
    .sort((a, b) => (a.code < b.code ? -1 : 1));
}
