import { afterEach, describe, expect, it } from 'vitest';
import { language } from '../i18n';
import { extentOf, placeOf, rentSpan, spanBetween, spanMonths, spanYears, type Notice } from './notice';
import { escalatorWords, grainWords, methodWords, paymentWords, priorityWords, quantityWords, runWords, spanWords, termShort, termWords } from './words';

afterEach(() => language.set('zh'));

/** What a function says in both languages. */
function both(say: () => string): [string, string] {
  language.set('zh');
  const zh = say();
  language.set('en');
  return [zh, say()];
}

describe('spans', () => {
  it('are reckoned as the core does', () => {
    // The same cases as in the core's tests of terms.
    expect(spanBetween('2025-12-01', '2035-11-30')).toBe('P10Y');
    expect(spanBetween('2026-03-01', '2028-12-30')).toBe('P2Y9M30D');
    expect(spanBetween('2021-02-05', '2025-12-31')).toBe('P4Y10M27D');
    expect(spanBetween('2026-03-01', '2026-02-28')).toBeNull();
    expect(spanBetween('2026-02-21', '2031-02-20')).toBe('P5Y');
    expect(spanBetween('2026-03-05', '2026-03-05')).toBe('P1D');
  });

  it('become years for reckoning and months for comparing', () => {
    expect([spanYears('P5Y'), spanYears('P2Y6M'), spanYears('P1M'), spanYears(null)]).toEqual(['5', '2.5', '0.083333333333', null]);
    expect([spanMonths('P2Y7M'), spanMonths('P10D'), spanMonths('5Y'), spanMonths('P')]).toEqual([31, 0, null, null]);
  });

  it('are said in parts', () => {
    expect(both(() => spanWords('P2Y7M'))).toEqual(['2 年 7 个月', '2 y 7 mo']);
    expect(both(() => spanWords('P0D'))[0]).toBe('0 天');
  });
});

describe('terms', () => {
  it('are said whole and short', () => {
    const fixed = { kind: 'fixed', from: '2026-04-01', to: '2031-03-31' } as const;
    expect(both(() => termWords(fixed))).toEqual(['2026年4月1日 至 2031年3月31日（5 年）', '1 Apr 2026 to 31 Mar 2031 (5 y)']);
    expect(both(() => termWords({ kind: 'length', span: 'P3Y', start: 'signing', at_most: true }))).toEqual(['不超过 3 年，自合同签订之日起', 'At most 3 y from the day of signing']);
    expect(termShort(fixed)).toBe('5 y');
    expect(both(() => termShort({ kind: 'sale' }))[0]).toBe('一次性转让，无期限');
    expect(rentSpan({ kind: 'until', start: 'signing', to: '2028-12-31', counted: 'P5Y' })).toBe('P5Y');
    expect(both(() => termWords(null))[0]).toBe('公告未写明');
  });

  it('of price, method and payment', () => {
    expect(both(() => escalatorWords({ kind: 'percent', percent: '2', every_years: 1, from_year: 2, compounding: true }, 'mu-year'))).toEqual([
      '第 2 年起每年在上期基础上递增 2%',
      '2 % every year from year 2, on the rent before'
    ]);
    expect(both(() => escalatorWords({ kind: 'amount', amount: 5_000, every_years: 3, from_year: 4 }, 'mu-year'))[0]).toBe('第 4 年起每 3 年增加 50 元/亩/年');
    expect(both(() => escalatorWords({ kind: 'steps', steps: [{ year: 5, percent: '5' }, { year: 8, percent: '5.5' }] }, 'mu-year'))[0]).toBe('第 5 年起递增 5%，第 8 年起递增 5.5%');
    expect(both(() => methodWords({ kind: 'by-bidders', at_least: 2, enough: { kind: 'ascending' }, fewer: { kind: 'negotiated' } }))).toEqual([
      '2 人以上增价竞价，不足 2 人协议（公开协商）',
      'Ascending auction for 2 or more bidders, negotiation for fewer than 2'
    ]);
    const running = { auction_opens: '2026-03-09T01:00:00.000Z', free_until: '2026-03-09T02:00:00.000Z', limited_seconds: 300, extension_seconds: 120 };
    expect(both(() => runWords({ kind: 'ascending' }, running))[0]).toBe(
      '自由竞价 60 分钟，随后限时竞价：结束前 300 秒内有人出价，结束时间顺延 120 秒'
    );
    expect(both(() => paymentWords({ plan: { kind: 'every-years', years: 1 }, within: { count: 5, working: true }, from: 'signing' }))[0]).toBe(
      '一年一付，先付后用；首期款自签订合同起 5 个工作日内付清'
    );
    expect(both(() => paymentWords({ text: '见合同' }))[0]).toBe('见合同');
    expect(both(() => priorityWords({ ranks: [['member'], ['sitting-lessee']], exercise: 'match' }))[0]).toBe(
      '本集体经济组织成员＞原承租（承包）人；竞价中按同价报价行使'
    );
    expect(both(() => grainWords({ grain: '稻谷', jin: '650', basis: 'mu-year', pricing: { kind: 'reference', fen_per_jin: '131.5' } }))).toEqual([
      '实物计租：稻谷 650 斤/亩/年，按每斤 1.315 元 折价',
      'Rent in grain: 650 jin of 稻谷 per mu a year, at ¥1.315 a jin'
    ]);
    expect(both(() => quantityWords({ amount: '3', unit: '间' }))[0]).toBe('3 间');
  });
});

describe('a notice', () => {
  const notice: Notice = {
    location: { province: '海南省', city: '省直辖', county: '白沙黎族自治县', township: '牙叉镇', village: '' },
    components: [{ quantity: { amount: '3', unit: '间' } }, { quantity: { amount: '2', unit: '间' } }],
    term: { kind: 'length', span: 'P3Y', start: 'signing' }
  };

  it('has a place and an extent', () => {
    expect(placeOf(notice)).toBe('白沙黎族自治县牙叉镇');
    expect(placeOf(notice, true)).toBe('海南省白沙黎族自治县牙叉镇');
    expect(placeOf({ location: { detail: '河边' } })).toBe('河边');
    expect(extentOf(notice, null)).toEqual({ areaMu: null, years: '3', count: '5' });
  });
});
