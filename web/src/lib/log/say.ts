/** An entry of the log in plain words: a sentence where its facts make one, and its facts one by one. */
import { formatYuan } from '../format/money';
import { formatDate, formatDateTime } from '../format/time';
import { language, pick } from '../i18n';
import { field, kind, sentence, word } from '../i18n/catalogue/log-kinds';
import { log as t } from '../i18n/catalogue/log';
import type { ReadEntry } from './entry';

/** Facts that are money, in fen. */
const MONEY = new Set(['amount', 'price', 'total', 'reserve', 'reserve_total', 'step', 'deposit', 'first_payment', 'outstanding', 'base']);
const DAY = /^\d{4}-\d{2}-\d{2}$/;
const INSTANT = /^\d{4}-\d{2}-\d{2}T[\d:.]+(?:Z|[+-]\d{2}:\d{2})$/;
const HEX = /^[0-9a-f]{64}$/;

export const kindWords = (name: string): string => (kind.has(name) ? kind(name) : name);
export const wordOf = (code: string): string => (word.has(code) ? word(code) : code);
export const fieldWords = (name: string): string => (field.has(name) ? field(name) : name);

/** A fact in words; null for what is no plain value. */
export function factWords(name: string, value: unknown): string | null {
  if (typeof value === 'number') return MONEY.has(name) && Number.isSafeInteger(value) ? formatYuan(value, language.current) : String(value);
  if (typeof value === 'boolean') return t(value ? 'yes' : 'no');
  if (typeof value !== 'string') return null;
  if (DAY.test(value)) return formatDate(value, language.current);
  if (INSTANT.test(value)) return formatDateTime(value, language.current, true);
  return wordOf(value);
}

/** The entry as a sentence; its kind where its facts make none, or one is missing. */
export function sayEntry(entry: Pick<ReadEntry, 'kind' | 'body'>): string {
  if (!sentence.has(entry.kind)) return kindWords(entry.kind);
  const text = pick(sentence.catalogue[entry.kind]);
  const needed = [...text.matchAll(/\{(\w+)\}/g)].map((match) => match[1] ?? '');
  const said: Record<string, string> = {};
  for (const name of needed) {
    const words = factWords(name, entry.body[name]);
    if (words === null) return kindWords(entry.kind);
    said[name] = words;
  }
  // All at once, so that a value that looks like a placeholder stays what it is.
  return text.replace(/\{(\w+)\}/g, (_, name: string) => said[name] ?? '');
}

/** A fact to show: its name, its words, and what kind of value it is. */
export interface SaidFact {
  name: string;
  label: string;
  text: string;
  digest: boolean;
  /** The page it leads to. */
  href: string | null;
}

export function factsOf(entry: Pick<ReadEntry, 'body'>): SaidFact[] {
  return Object.entries(entry.body).map(([name, value]) => {
    const text = factWords(name, value) ?? t('nested');
    const isLot = (name === 'lot' || name === 'relists') && typeof value === 'string';
    return { name, label: fieldWords(name), text, digest: typeof value === 'string' && HEX.test(value), href: isLot ? `/lots/${value}` : null };
  });
}

/** Who did it, as far as the log says. `short` keeps the end of a pseudonym, for lists: its beginning is a time and much the same for all. */
export function actorWords(actor: string, short = false): string {
  if (actor === 'system') return t('system');
  const number = /^bidder:(\d+)$/.exec(actor)?.[1];
  if (number) return t('bidderN', { n: number });
  return short && actor.length > 20 ? `…${actor.slice(-8)}` : actor;
}
