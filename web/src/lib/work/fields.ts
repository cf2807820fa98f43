/** Where findings stand on the draft's form: the rules name places of the notice, several of which one field of the form writes. */
import type { Finding } from '../api/problem';

/** The names of the form's fields that can carry findings. */
export const FIELDS = [
  'asset_ids',
  'title',
  'category',
  'holder',
  'mode',
  'region',
  'location',
  'components',
  'term',
  'price.reserve',
  'price.escalator',
  'price.offers_in',
  'method',
  'method.step',
  'method.max_step',
  'method.ceiling',
  'method.free_minutes',
  'method.limited_seconds',
  'method.extension_seconds',
  'deposit',
  'payment',
  'priority',
  'priority.exercise',
  'priority.restricted_to',
  'intended_use',
  'restrictions',
  'qualification',
  'special_conditions',
  'schedule.register_to',
  'schedule.auction_from'
] as const;

/** Names that the rules use for the same place. */
const ALIASES: Record<string, string> = {
  category_text: 'category',
  holder_text: 'holder',
  mode_text: 'mode',
  price: 'price.reserve',
  'price.published_total': 'price.reserve',
  'price.confidential_reserve': 'price.reserve',
  'price.grain': 'price.reserve',
  reserve: 'price.reserve',
  step: 'method.step',
  ceiling: 'method.ceiling',
  free_minutes: 'method.free_minutes',
  free_until: 'method.free_minutes',
  auction_opens_at: 'schedule.auction_from',
  schedule: 'schedule.auction_from',
  'schedule.announce_from': 'schedule.register_to',
  'schedule.announce_to': 'schedule.register_to',
  'schedule.announced_at': 'schedule.register_to',
  'schedule.register_from': 'schedule.register_to',
  'schedule.registration_closes': 'schedule.register_to',
  'schedule.auction_to': 'schedule.auction_from',
  'schedule.order': 'schedule.auction_from',
  'schedule.auction_opens': 'schedule.auction_from',
  other_deposits: 'deposit',
  takers: 'components',
  geometry: 'asset_ids'
};

/** The form's field for a place of the notice; null where the finding is about the whole, or about a part of the lot beside its terms. */
export function fieldOf(path: string | null | undefined): string | null {
  if (!path) return null;
  // `notice.` and the method's inner `method.` are boxes of the JSON, and `[2]` is a row of a field.
  let at = path.replace(/\[\d+\].*$/, '').replace(/^notice\./, '').replace(/^method\.method\b/, 'method').replace(/\.(enough|fewer)\b/, '');
  for (;;) {
    const known = ALIASES[at] ?? at;
    if ((FIELDS as readonly string[]).includes(known)) return known;
    const dot = at.lastIndexOf('.');
    if (dot < 0) return null;
    at = at.slice(0, dot);
  }
}

/** The same findings, each at its field of the form. */
export function placed(findings: readonly Finding[]): Finding[] {
  return findings.map((finding) => ({ ...finding, field: fieldOf(finding.field) }));
}

/** The findings of the decision, wherever they were raised: its form writes plain names, the draft's check prefixes them. */
export function decisionFindings(findings: readonly Finding[]): Finding[] {
  const NAMES: Record<string, string> = {
    noticed_on: 'notice_on',
    mandates: 'mandate_households',
    outside: 'outside_allowed',
    'outside.township_approved': 'outside_allowed',
    'outside.credit_checked': 'outside_allowed',
    'outside.capacity_checked': 'outside_allowed'
  };
  return findings.map((finding) => {
    const plain = finding.field?.replace(/^decision\.?/, '') ?? '';
    return { ...finding, field: NAMES[plain] ?? (plain || null) };
  });
}

/** Whether a finding is about the collective's decision rather than the terms. */
export const isOfDecision = (finding: Finding): boolean => finding.rule.startsWith('decision.') || (finding.field ?? '').startsWith('decision');

export interface Weighed {
  refusals: number;
  warnings: number;
  notes: number;
}

export function weigh(findings: readonly Finding[]): Weighed {
  const count = (severity: Finding['severity']): number => findings.filter((finding) => finding.severity === severity).length;
  return { refusals: count('refusal'), warnings: count('warning'), notes: count('note') };
}
