import { describe, expect, it } from 'vitest';
import { asApiError, findingOf, findingsAt, findingsElsewhere } from './problem';

describe('findings', () => {
  it('are read with whatever is missing', () => {
    expect(findingOf({ rule: 'a.b', message: '不行', facts: [{ name: 'days', value: 7 }] })).toEqual({
      rule: 'a.b',
      basis: '',
      severity: 'refusal',
      message: { zh: '不行', en: '不行' },
      remedy: { zh: '', en: '' },
      field: null,
      facts: { days: '7' }
    });
    expect(findingOf(null).severity).toBe('refusal');
    expect(findingOf({ severity: 'warning' }).severity).toBe('warning');
  });

  it('stand beside their field, and none is lost', () => {
    const all = [findingOf({ rule: '1', field: 'price.reserve' }), findingOf({ rule: '2', field: 'term' }), findingOf({ rule: '3' })];
    expect(findingsAt(all, 'term').map((f) => f.rule)).toEqual(['2']);
    expect(findingsElsewhere(all, ['price.reserve']).map((f) => f.rule)).toEqual(['2', '3']);
  });

  it('anything thrown can be shown', () => {
    expect(asApiError(new Error('boom')).kind).toBe('server');
  });
});
