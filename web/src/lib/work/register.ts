/**
 * A collective's register of members (成员名册) as a table: one line a person, households by their number. What can be told from the table
 * alone is told here; identity numbers and everything of law are the server's to judge.
 */
import type { Finding } from '../api/problem';
import { readCsv } from './csv';
import type { HouseholdEntry, MemberEntry } from './registry';

/** Columns by the names that offices give them. */
const COLUMNS = {
  household: ['户号', '户编号', '家庭编号', 'household'],
  name: ['姓名', 'name'],
  identity: ['身份证号', '身份证号码', '公民身份号码', 'identity_number', 'id'],
  relation: ['与户主关系', '关系', 'relation'],
  lacksCapacity: ['无民事行为能力', '限制行为能力', 'lacks_capacity'],
  selfSupporting: ['以自己劳动收入为主要生活来源', '自食其力', 'self_supporting']
} as const;
type ColumnName = keyof typeof COLUMNS;
const NEEDED: readonly ColumnName[] = ['household', 'name', 'identity', 'relation'];

const RELATIONS: Record<string, string> = {
  户主: 'head',
  本人: 'head',
  head: 'head',
  配偶: 'spouse',
  妻: 'spouse',
  夫: 'spouse',
  妻子: 'spouse',
  丈夫: 'spouse',
  spouse: 'spouse',
  子女: 'child',
  子: 'child',
  女: 'child',
  儿子: 'child',
  女儿: 'child',
  长子: 'child',
  次子: 'child',
  三子: 'child',
  长女: 'child',
  次女: 'child',
  三女: 'child',
  child: 'child',
  父母: 'parent',
  父: 'parent',
  母: 'parent',
  父亲: 'parent',
  母亲: 'parent',
  parent: 'parent'
};

/** What can't be read of a table. */
export type RegisterFault =
  | { kind: 'no-head'; missing: string[] }
  | { kind: 'empty' }
  | { kind: 'missing'; line: number; column: string };

export interface ReadRegister {
  households: HouseholdEntry[];
  faults: RegisterFault[];
  /** Line of the table for each member, by household and place, to say where the server's findings belong. */
  lines: number[][];
  members: number;
}

const yes = (text: string): boolean => /^(是|有|y|yes|true|1|√|✓)$/i.test(text);

/** Kinship beyond the four that voting rules ask for is "other". */
export function relationOf(text: string): string {
  const plain = text.trim();
  return RELATIONS[plain] ?? RELATIONS[plain.toLowerCase()] ?? (/(孙|侄|兄|弟|姐|妹|媳|婿|其他|other)/i.test(plain) ? 'other' : plain === '' ? '' : 'other');
}

export function readRegister(text: string): ReadRegister {
  const none = (fault: RegisterFault): ReadRegister => ({ households: [], faults: [fault], lines: [], members: 0 });
  const [head, ...rows] = readCsv(text);
  if (!head) return none({ kind: 'empty' });
  const names = head.cells.map((cell) => cell.replace(/[\s*（(].*$/u, '').toLowerCase());
  const place = (column: ColumnName): number => names.findIndex((name) => COLUMNS[column].some((known) => known.toLowerCase() === name));
  const missing = NEEDED.filter((column) => place(column) < 0).map((column) => COLUMNS[column][0]);
  if (missing.length > 0) return none({ kind: 'no-head', missing });
  if (rows.length === 0) return none({ kind: 'empty' });

  const households: HouseholdEntry[] = [];
  const lines: number[][] = [];
  const faults: RegisterFault[] = [];
  const known = new Map<string, number>();
  let members = 0;
  /** Merged cells of a spreadsheet leave the number on a household's first line only. */
  let household = '';
  for (const { line, cells } of rows) {
    const cell = (column: ColumnName): string => cells[place(column)] ?? '';
    household = cell('household') || household;
    const read = { household, name: cell('name'), identity: cell('identity').replace(/^'/, ''), relation: relationOf(cell('relation')) };
    for (const column of NEEDED) if (read[column as keyof typeof read] === '') faults.push({ kind: 'missing', line, column: COLUMNS[column][0] });
    if (household === '') continue;
    let index = known.get(household);
    if (index === undefined) {
      index = households.length;
      known.set(household, index);
      households.push({ number: household, members: [] });
      lines.push([]);
    }
    const member: MemberEntry = { name: read.name, identity_number: read.identity.toUpperCase(), relation: read.relation };
    if (yes(cell('lacksCapacity'))) member.lacks_capacity = true;
    if (yes(cell('selfSupporting'))) member.self_supporting = true;
    households[index]?.members.push(member);
    lines[index]?.push(line);
    members += 1;
  }
  return { households, faults, lines, members };
}

/** The line of the table that a finding belongs to; null where it is about the whole. */
export function lineOf(finding: Finding, register: Pick<ReadRegister, 'lines'>): number | null {
  const at = /^households\[(\d+)\](?:\.members\[(\d+)\])?/.exec(finding.field ?? '');
  if (!at) return null;
  return register.lines[Number(at[1])]?.[Number(at[2] ?? 0)] ?? null;
}
