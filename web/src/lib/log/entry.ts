/** Entries of the log: their canonical JSON taken apart. */
import type { LogEntry } from './types';

/** An entry, read. What is missing is empty, so that an entry of a newer program is shown rather than lost. */
export interface ReadEntry {
  index: number;
  kind: string;
  /** RFC 3339. */
  at: string;
  actor: string;
  subject: string;
  region: string;
  rulebook: string;
  body: Record<string, unknown>;
  /** The bytes as they stand in the log. */
  text: string;
  leafHash: string;
}

const textOf = (value: unknown): string => (typeof value === 'string' ? value : '');

export function readEntry(from: LogEntry): ReadEntry {
  let json: Record<string, unknown> = {};
  try {
    const parsed: unknown = JSON.parse(from.entry);
    if (typeof parsed === 'object' && parsed !== null) json = parsed as Record<string, unknown>;
  } catch {
    // Shown as it is.
  }
  const body = json.body;
  return {
    index: from.index,
    kind: textOf(json.kind),
    at: textOf(json.at),
    actor: textOf(json.actor),
    subject: textOf(json.subject),
    region: textOf(json.region),
    rulebook: textOf(json.rulebook),
    body: typeof body === 'object' && body !== null ? (body as Record<string, unknown>) : {},
    text: from.entry,
    leafHash: from.leaf_hash
  };
}

/** The noun and id of a subject such as `lot:0197…`. */
export function readSubject(subject: string): { noun: string; id: string } {
  const [noun = '', ...rest] = subject.split(':');
  return { noun, id: rest.join(':') };
}

/** Where a subject has a page of its own. */
export function subjectHref(subject: string): string | null {
  const { noun, id } = readSubject(subject);
  return noun === 'lot' && id ? `/lots/${id}` : null;
}

/** Canonical JSON set out for reading; the text as it is where it is no JSON. */
export function pretty(text: string): string {
  try {
    return JSON.stringify(JSON.parse(text), null, 2);
  } catch {
    return text;
  }
}
