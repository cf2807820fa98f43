import { describe, expect, it } from 'vitest';
import { ANYTHING, areaText, conditions, placesOf, readSearch, searchHref, searchParams, type Search } from './market';

const read = (query: string): Search => readSearch(new URLSearchParams(query));

describe('a search', () => {
  it('stands in the address and comes back from it', () => {
    const search: Search = { q: '东二地 耕地', category: 'forest', region: '500236', state: 'done', minMu: '10.5', maxMu: '', minPrice: '800', maxPrice: '1,200', sort: 'price' };
    expect(readSearch(new URL(searchHref(search), 'http://x').searchParams)).toEqual(search);
    expect(searchHref(ANYTHING)).toBe('/market');
    expect(searchHref({ ...ANYTHING, minMu: '１00 亩', maxPrice: '0.1万' })).toBe('/market?min_mu=100&max_price=1%2C000');
    expect(searchHref({ ...ANYTHING, q: ' ' }, '/results')).toBe('/results');
    expect(searchHref({ ...ANYTHING, q: 'x' }, '/results?result=failed')).toBe('/results?result=failed&q=x');
  });

  it('leaves out what makes no sense', () => {
    expect(read('state=toString&sort=x&region=50x&min_mu=-3&max_price=abc')).toEqual(ANYTHING);
  });

  it('becomes the call’s parameters, money in fen', () => {
    const params = searchParams({ ...ANYTHING, minPrice: '0.8万', minMu: '１０', state: 'bidding' }, 'c', 24);
    expect(Object.fromEntries(params)).toEqual({
      sort: 'closing', limit: '24', state: 'registration-closed,bidding,priority-exercise', min_mu: '10', min_per_mu_year_fen: '800000', cursor: 'c'
    });
    expect(searchParams({ ...ANYTHING, state: 'all' }, undefined, 1).has('state')).toBe(false);
  });

  it('counts its conditions', () => {
    expect(conditions({ ...ANYTHING, q: 'x', category: 'forest', maxMu: '5' })).toBe(2);
    expect([areaText('374.6 亩'), areaText('1,000'), areaText('0'), areaText('')]).toEqual(['374.6', '1000', null, null]);
  });

  it('offers the places that lots lie in', () => {
    const at = (region: string, county: string, township: string, collective_name = '') => ({ region, collective_name, notice: { location: { county, township } } });
    expect(placesOf([at('500236102003', '奉节县', '竹园镇', '甲村'), at('500236102001', '奉节县', '竹园镇', '乙村'), at('460030', '白沙县', '')])).toEqual([
      { code: '460030', name: '白沙县' },
      { code: '500236', name: '奉节县' },
      { code: '500236102', name: '奉节县 竹园镇' },
      { code: '500236102001', name: '乙村' },
      { code: '500236102003', name: '甲村' }
    ]);
    expect(placesOf([at('500236', '奉节县', ''), at('500236', '龙陵县', '')])).toEqual([{ code: '500236', name: '' }]);
  });
});
