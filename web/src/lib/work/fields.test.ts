import { describe, expect, it } from 'vitest';
import { findingOf } from '../api/problem';
import { decisionFindings, fieldOf, isOfDecision, placed, weigh } from './fields';

const found = (field: string | null, more: object = {}) => findingOf({ rule: 'r', field, ...more });

describe('the place of a finding', () => {
  it.each([
    ['price.reserve', 'price.reserve'],
    ['price', 'price.reserve'],
    ['price.reserve.amount', 'price.reserve'],
    ['price.confidential_reserve', 'price.reserve'],
    ['price.escalator.percent', 'price.escalator'],
    ['components[2].quantity.unit', 'components'],
    ['notice.term', 'term'],
    ['term.span', 'term'],
    ['method.method.limited_seconds', 'method.limited_seconds'],
    ['method.method.enough.step', 'method.step'],
    ['method.rounds', 'method'],
    ['free_minutes', 'method.free_minutes'],
    ['schedule.announce_to', 'schedule.register_to'],
    ['auction_opens_at', 'schedule.auction_from'],
    ['location.county', 'location'],
    ['category_text', 'category'],
    ['other_deposits[0].amount', 'deposit'],
    ['decision', null],
    ['nowhere.at.all', null],
    ['', null],
    [null, null]
  ])('%s is written by %s', (path, field) => {
    expect(fieldOf(path)).toBe(field);
  });

  it('goes with the rest of the finding', () => {
    expect(placed([found('takers', { basis: 'b' })])).toMatchObject([{ field: 'components', rule: 'r', basis: 'b' }]);
  });

  it('of a decision is the name on its form', () => {
    const fields = ['decision.minutes_digest', 'noticed_on', 'eligible', 'outside.credit_checked', 'mandates', 'decision', null];
    expect(decisionFindings(fields.map((field) => found(field))).map((one) => one.field)).toEqual([
      'minutes_digest',
      'notice_on',
      'eligible',
      'outside_allowed',
      'mandate_households',
      null,
      null
    ]);
    expect([found('decision'), found('term'), found('eligible', { rule: 'decision.counts' })].map(isOfDecision)).toEqual([true, false, true]);
  });

  it('is weighed', () => {
    expect(weigh([found(null), found(null, { severity: 'warning' }), found(null, { severity: 'note' }), found(null, { severity: 'note' })])).toEqual({
      refusals: 1,
      warnings: 1,
      notes: 2
    });
  });
});
