import { afterEach, describe, expect, it } from 'vitest';
import { language } from '../i18n';
import { kind, sentence } from '../i18n/catalogue/log-kinds';
import { pretty, readEntry, readSubject, subjectHref } from './entry';
import { actorWords, factsOf, sayEntry } from './say';

afterEach(() => language.set('zh'));

const raw = (entry: unknown): string => (typeof entry === 'string' ? entry : JSON.stringify(entry));
const read = (entry: unknown) => readEntry({ index: 7, entry: raw(entry), leaf_hash: 'ab' });
const bid = {
  at: '2026-03-09T02:00:01.250Z', actor: 'bidder:5', subject: 'lot:0197', region: '500236', rulebook: 'r', kind: 'bid.placed',
  body: { lot: '0197', seq: 3, number: 5, amount: 82_000, offer: 'bid', ends_at: '2026-03-09T02:05:01.250Z' }
};

describe('an entry', () => {
  it('is said in both languages', () => {
    expect(sayEntry(read(bid))).toBe('5 号第 3 次出价 820 元。');
    language.set('en');
    expect(sayEntry(read(bid))).toBe('Offer 3: no. 5 at ¥820.');
    expect(sayEntry(read({ ...bid, kind: 'lot.reviewed', body: { stage: 'township', outcome: 'approved' } }))).toBe('Review by the township: approved.');
  });

  it('is named by its kind where facts are missing, or the kind is new', () => {
    expect(sayEntry(read({ ...bid, body: {} }))).toBe('出价');
    expect(sayEntry(read({ ...bid, kind: 'sun.risen' }))).toBe('sun.risen');
    expect(sayEntry(read({ ...bid, kind: 'party.registered' }))).toBe('当事人登记');
  });

  it('shows its facts one by one', () => {
    const facts = factsOf(read({ ...bid, body: { ...bid.body, draft: 'ab'.repeat(32), notice: { title: 'x' }, complete: true, due: '2026-03-20' } }));
    const text = Object.fromEntries(facts.map((fact) => [fact.name, fact.text]));
    expect(text).toMatchObject({ amount: '820 元', offer: '加价', ends_at: '2026年3月9日 10:05:01', notice: '详见下方原文', complete: '是', due: '2026年3月20日' });
    expect(facts.filter((fact) => fact.digest).map((fact) => fact.name)).toEqual(['draft']);
    expect(facts.find((fact) => fact.name === 'lot')?.href).toBe('/lots/0197');
    expect([actorWords('0197a0b0-0000-7000-8000-00000000beef', true), actorWords('bidder:5', true)]).toEqual(['…0000beef', '5 号竞买人']);
    expect([actorWords('system'), actorWords('bidder:5'), actorWords('0197-x')]).toEqual(['系统（到期自动办理）', '5 号竞买人', '0197-x']);
  });

  it('that can’t be read is shown as it is', () => {
    expect(read('{')).toMatchObject({ index: 7, kind: '', body: {}, text: '{' });
    expect([pretty('{'), pretty('{"a":1}')]).toEqual(['{', '{\n  "a": 1\n}']);
    expect(readSubject('lot:a:b')).toEqual({ noun: 'lot', id: 'a:b' });
    expect([subjectHref('lot:0197'), subjectHref('asset:1'), subjectHref('')]).toEqual(['/lots/0197', null, null]);
  });
});

describe('sentences', () => {
  it('are of kinds that have a name', () => {
    expect(Object.keys(sentence.catalogue).filter((name) => !kind.has(name))).toEqual([]);
  });
});
