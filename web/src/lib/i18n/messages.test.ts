import { describe, expect, it } from 'vitest';
import { fillIn, language, messages, pick, type Catalogue } from './index';

/** Every catalogue of the pages. */
const modules = import.meta.glob<Record<string, { catalogue?: Catalogue }>>('./catalogue/*.ts', { eager: true });
const catalogues = Object.entries(modules).flatMap(([path, module]) =>
  Object.entries(module).flatMap(([name, t]) => (t?.catalogue ? [[`${path} ${name}`, t.catalogue] as const] : []))
);

const holes = (text: string): string[] => [...text.matchAll(/\{(\w+)\}/g)].map((m) => m[1] ?? '').sort();

describe('catalogues', () => {
  it('are there', () => {
    expect(catalogues.length).toBeGreaterThan(3);
  });

  it.each(catalogues)('%s says everything in both languages, with the same placeholders', (_, catalogue) => {
    expect.hasAssertions();
    for (const [key, text] of Object.entries(catalogue)) {
      expect(text.zh.trim(), key).not.toBe('');
      expect(text.en.trim(), key).not.toBe('');
      expect(holes(text.en), key).toEqual(holes(text.zh));
    }
  });

  it.each(catalogues)('%s has full-width punctuation in its Chinese', (_, catalogue) => {
    expect.hasAssertions();
    for (const [key, text] of Object.entries(catalogue)) {
      expect(text.zh, key).not.toMatch(/[\u3400-\u9fff][,:;?!(]|[,:;?!)][\u3400-\u9fff]/u);
    }
  });

  it.each(catalogues)('%s has no Chinese in its English', (_, catalogue) => {
    expect.hasAssertions();
    for (const [key, text] of Object.entries(catalogue)) {
      // A field term may stand in brackets beside its English.
      expect(text.en.replace(/\([^)]*\)/g, ''), key).not.toMatch(/[\u4e00-\u9fff]/u);
    }
  });
});

describe('messages', () => {
  const t = messages({
    hello: { zh: '您好', en: 'Hello' },
    left: { zh: '还剩 {n} 个', en: '{n} left' }
  });

  it('follow the language', () => {
    language.set('zh');
    expect([t('hello'), t('left', { n: 3 })]).toEqual(['您好', '还剩 3 个']);
    language.set('en');
    expect([t('hello'), t('left', { n: 3 })]).toEqual(['Hello', '3 left']);
    language.set('zh');
  });

  it('know their own keys', () => {
    expect([t.has('hello'), t.has('toString')]).toEqual([true, false]);
  });

  it('leave unknown placeholders visible and never run a value twice', () => {
    expect(fillIn('{a} {b}', { a: '{b}' })).toBe('{b} {b}');
  });

  it('pick the other language where one is missing', () => {
    expect([pick({ zh: '甲', en: 'A' }, 'en'), pick({ zh: '甲', en: '' }, 'en')]).toEqual(['A', '甲']);
  });
});
