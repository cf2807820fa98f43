import { describe, expect, it } from 'vitest';
import { partyOf, plainNumber, ready, type PartyDraft } from './party';

const draft: PartyDraft = {
  kind: 'natural-person', name: ' 张某 ', identity_number: '１１０101 19900307 551x', mobile: '138-0000 0000', address: '某村',
  legal_representative: '', account: { name: '张某', bank: '农信社', number: '6222 0000 1111' }
};

describe('a party', () => {
  it('is sent as the rules read it', () => {
    expect(partyOf(draft)).toEqual({
      kind: 'natural-person', name: '张某', identity_number: '11010119900307551X', mobile: '13800000000', address: '某村',
      bank_account: { name: '张某', bank: '农信社', number: '622200001111' }, on_behalf: false
    });
    expect(plainNumber('91500000MA5U6x')).toBe('91500000MA5U6X');
  });

  it('of an organisation has a legal representative', () => {
    expect(ready(draft)).toBe(true);
    expect(ready({ ...draft, kind: 'company' })).toBe(false);
    const company: PartyDraft = { ...draft, kind: 'company', legal_representative: '李某' };
    expect(ready(company)).toBe(true);
    expect(partyOf(company).legal_representative).toBe('李某');
    expect(ready({ ...draft, account: { ...draft.account, number: ' ' } })).toBe(false);
  });
});
