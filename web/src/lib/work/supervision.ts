/** Case files and alerts (`sanbian.supervision.v1`). */
import { json } from '../api/client';
import { findingOf, type Finding } from '../api/problem';
import type { Page } from '../api/resource.svelte';
import type { LotDraft } from './listing';
import { part, query } from './query';
import type { LotMoney } from './settlement';

export interface CaseSummary {
  lot_id: string;
  number: string;
  title: string;
  region: string;
  steps: number;
  last_kind: string;
  last_at: string;
  open_alerts: number;
}

export interface CaseStep {
  /** Position of its entry in the log. */
  index: number;
  happened_at: string;
  kind: string;
  actor: string;
  rulebook: string;
  zh: string;
  en: string;
}

export interface Alert {
  id: string;
  kind: string;
  lot_id: string;
  lot_number: string;
  lot_title: string;
  region: string;
  finding: Finding;
  state: string;
  raised_at: string;
  closed_at?: string | null;
  reason?: string | null;
}

export interface CaseFile {
  summary: CaseSummary;
  steps: CaseStep[];
  lot?: LotDraft | null;
  money?: LotMoney | null;
  alerts: Alert[];
}

const readAlert = (alert: Alert): Alert => ({ ...alert, finding: findingOf(alert.finding) });

export const listCases = (region: string, cursor: string | undefined, signal: AbortSignal): Promise<Page<CaseSummary>> =>
  json('GET', query('/api/v1/cases', { region, cursor, limit: 30 }), undefined, signal);

export async function getCase(lotId: string, signal: AbortSignal): Promise<CaseFile> {
  const file = await json<CaseFile>('GET', `/api/v1/cases/${part(lotId)}`, undefined, signal);
  return { ...file, alerts: file.alerts.map(readAlert) };
}

export async function listAlerts(state: string, cursor: string | undefined, signal: AbortSignal): Promise<Page<Alert>> {
  const page = await json<Page<Alert>>('GET', query('/api/v1/alerts', { state, cursor, limit: 30 }), undefined, signal);
  return { ...page, items: page.items.map(readAlert) };
}

export const closeAlert = async (id: string, reason: string): Promise<Alert> =>
  readAlert(await json<Alert>('POST', `/api/v1/alerts/${part(id)}/close`, { reason }));
