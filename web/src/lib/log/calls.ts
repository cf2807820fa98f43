/** Calls to the log's explorer. */
import { json } from '../api/client';
import { readEntry, type ReadEntry } from './entry';
import type { LogCheckpoint, LogEntries, LogInclusion } from './types';

export interface LogQuery {
  subject?: string;
  kind?: string;
  actor?: string;
}

/** Entries, newest first. */
export async function searchLog(query: LogQuery, cursor: string | undefined, signal: AbortSignal, limit = 50): Promise<LogEntries> {
  const params = new URLSearchParams({ limit: String(limit) });
  for (const [name, value] of Object.entries({ ...query, cursor })) if (value) params.set(name, value);
  return json<LogEntries>('GET', `/api/v1/ledger/entries?${params}`, undefined, signal);
}

export function getCheckpoint(signal: AbortSignal): Promise<LogCheckpoint> {
  return json('GET', '/api/v1/ledger/checkpoint', undefined, signal);
}

export function getInclusion(index: number, signal: AbortSignal): Promise<LogInclusion> {
  return json('GET', `/api/v1/ledger/entries/${index}/proof`, undefined, signal);
}

/** Pages of 200 that the story of one subject may take: a long auction has many offers. */
const STORY_PAGES = 5;

/** What the log says of one subject, newest first; the oldest part is missing where there is very much. */
export async function storyOf(subject: string, signal: AbortSignal): Promise<ReadEntry[]> {
  const story: ReadEntry[] = [];
  let cursor: string | undefined;
  for (let page = 0; page < STORY_PAGES; page += 1) {
    const { items, next_cursor } = await searchLog({ subject }, cursor, signal, 200);
    story.push(...items.map(readEntry));
    if (!next_cursor) break;
    cursor = next_cursor;
  }
  return story;
}
