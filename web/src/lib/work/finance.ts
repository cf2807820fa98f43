/** What finance pages reckon by themselves: lines of a statement, the bank's list of payouts, the names of accounts. Pure. */
import type { Finding } from '../api/problem';
import { decimalText } from '../format/decimal';
import { toFen } from '../format/money';
import { readCsv, writeCsv, type CsvRow } from './csv';
import type { Payout } from './settlement';

export const STATEMENT_HEAD = ['date', 'line_id', 'direction', 'amount_yuan', 'counterparty_name', 'counterparty_account', 'remark'] as const;

/** Rows of a statement beneath its head line; how many there are is shown before it is sent. */
export function statementRows(csv: string): CsvRow[] {
  return readCsv(csv).slice(1);
}

/** The line of the file, from 1, that a finding is about; null where it is about the whole. */
export function statementLine(finding: Finding): number | null {
  const text = finding.facts.line ?? /^lines\[(\d+)\]/.exec(finding.field ?? '')?.[1] ?? '';
  return /^\d+$/.test(text) ? Number(text) : null;
}

/** Findings by the line they are about, those about the whole first. */
export function byLine(findings: readonly Finding[], csv: string): { line: number | null; text: string; findings: Finding[] }[] {
  const rows = new Map(readCsv(csv).map((row) => [row.line, row.cells.join(', ')]));
  const groups = new Map<number | null, Finding[]>();
  for (const finding of findings) {
    const line = statementLine(finding);
    groups.set(line, [...(groups.get(line) ?? []), finding]);
  }
  return [...groups.entries()]
    .sort(([a], [b]) => (a ?? 0) - (b ?? 0))
    .map(([line, found]) => ({ line, text: line === null ? '' : (rows.get(line) ?? ''), findings: found }));
}

/** Yuan with two decimals and no grouping, as banks' lists have them. */
export const plainYuan = (fen: number): string => decimalText({ units: toFen(fen), scale: 2 });

/** In groups of four: a spreadsheet then keeps it as text, where of sixteen digits in a row it would lose the last. */
export const groupedAccount = (account: string): string => (/^\d+$/.test(account) ? (account.match(/.{1,4}/g) ?? []).join(' ') : account);

/** What payouts are for, in the language of the bank. */
const PURPOSES: Record<string, string> = { 'deposit-return': '退还保证金', proceeds: '拨付价款', 'line-return': '退回来款' };

/** Payouts as a table for the bank. Accounts stand in full where this person has just confirmed the payout, else masked as the list has them. */
export function payoutList(payouts: readonly Payout[]): string {
  const head = ['收款人', '收款账号', '金额（元）', '附言', '用途', '最迟日期', '付款编号'];
  const row = (one: Payout): string[] => [
    one.pay_to_name ?? one.payee,
    groupedAccount(one.pay_to_account ?? one.payee_account),
    plainYuan(one.amount_fen),
    one.reference,
    PURPOSES[one.kind] ?? one.kind,
    one.due_date ?? '',
    one.id
  ];
  return writeCsv([head, ...payouts.map(row)]);
}

/** The kind of an account of the books, by its code: `deposits:0197…`. */
export function accountKind(code: string): { kind: string; id: string } {
  const [kind = '', ...rest] = code.split(':');
  return { kind, id: rest.join(':') };
}
