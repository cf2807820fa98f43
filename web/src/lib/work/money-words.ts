/** Codes of money as words, in the language shown. */
import { finance as t } from '../i18n/catalogue/work-finance';
import { accountKind } from './finance';

const say = (key: string): string => (t.has(key) ? (t as unknown as (key: string) => string)(key) : key);

/** Codes whose names other codes have already. */
const REASONS: Record<string, string> = { payment: 'paymentReason', proceeds: 'proceedsReason', suspense: 'suspenseReason' };
const KINDS: Record<string, string> = { deposits: 'depositsOf', contract: 'contractOf', collective: 'collectiveOf', forfeited: 'forfeitedOf' };

export const postingReason = (code: string): string => say(REASONS[code] ?? code);
export const postingState = (code: string): string => say(`posting-${code}`);
export const moneyState = (code: string): string => say(code);

/** `应退保证金 …0300`: the kind, and the end of what it is of. */
export function accountWords(code: string): string {
  const { kind, id } = accountKind(code);
  const name = say(KINDS[kind] ?? kind);
  return id ? `${name} …${id.slice(-6)}` : name;
}

export const accountKindWords = (kind: string): string => say(KINDS[kind] ?? kind);
