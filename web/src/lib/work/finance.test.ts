import { describe, expect, it } from 'vitest';
import { findingOf } from '../api/problem';
import { readCsv } from './csv';
import { accountKind, byLine, payoutList, plainYuan, STATEMENT_HEAD, statementLine, statementRows } from './finance';

const CSV = `${STATEMENT_HEAD.join(',')}\n2026-03-13,1,in,60000.00,刘,6217,D1K3\n2026-03-13,2,in,x,王,6217,\n`;
const found = (more: object) => findingOf({ rule: 'r', ...more });

describe('a statement', () => {
  it('has rows beneath its head', () => {
    expect(statementRows(CSV).map(({ line }) => line)).toEqual([2, 3]);
    expect(statementRows('')).toEqual([]);
  });

  it('is spoken of line by line', () => {
    const findings = [found({ facts: { line: '3' } }), found({ field: 'lines[2].amount_yuan' }), found({ field: 'csv' }), found({ facts: { line: '3' } })];
    expect(findings.map(statementLine)).toEqual([3, 2, null, 3]);
    expect(byLine(findings, CSV).map(({ line, text, findings: of }) => [line, text.split(', ')[1] ?? '', of.length])).toEqual([
      [null, '', 1],
      [2, '1', 1],
      [3, '2', 2]
    ]);
  });
});

describe('a list of payouts', () => {
  it('has one row each, with plain amounts', () => {
    const one = { id: 'p', kind: 'proceeds', amount_fen: 32_964_805, payee: '三岔村,合作社', payee_account: '6222****', reference: 'P9', state: 'approved', ordered_at: '' };
    const [head, row] = readCsv(payoutList([one]));
    expect(head?.cells.length).toBe(7);
    expect(row?.cells).toEqual(['三岔村,合作社', '6222****', '329648.05', 'P9', '拨付价款', '', 'p']);
    const confirmed = readCsv(payoutList([{ ...one, pay_to_name: '三岔村股份经济合作社', pay_to_account: '6222000011112222' }]))[1];
    expect(confirmed?.cells.slice(0, 2)).toEqual(['三岔村股份经济合作社', '6222 0000 1111 2222']);
  });

  it('writes whole fen', () => {
    expect([0, 5, 100, 123_456_789].map(plainYuan)).toEqual(['0.00', '0.05', '1.00', '1234567.89']);
  });
});

describe('an account', () => {
  it('has a kind, and what it is of', () => {
    expect([accountKind('bank'), accountKind('deposits:01-97'), accountKind('a:b:c')]).toEqual([
      { kind: 'bank', id: '' },
      { kind: 'deposits', id: '01-97' },
      { kind: 'a', id: 'b:c' }
    ]);
  });
});
