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

/** Payouts as a table for the bank's own program. Accounts are masked here; the bank's master data has them whole. */
export function payoutList(payouts: readonly Payout[]): string {
  const head = ['收款人', '收款账号（遮盖）', '金额（元）', '附言', '用途', '最迟日期', '付款编号'];
  return writeCsv([head, ...payouts.map((one) => [one.payee, one.payee_account, plainYuan(one.amount_fen), one.reference, one.kind, one.due_date ?? '', one.id])]);
}

/** The kind of an account of the books, by its code: `deposits:0197…`. */
export function accountKind(code: string): { kind: string; id: string } {
  const [kind = '', ...rest] = code.split(':');
  return { kind, id: rest.join(':') };
}
