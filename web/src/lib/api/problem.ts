/**
 * Errors of the API: RFC 9457 problems, with the findings of the rules where an act was refused.
 */
import type { Text } from '../i18n/language.svelte';

/** How much a finding weighs: a note or warning lets the act go on, a refusal does not. */
export type Severity = 'note' | 'warning' | 'refusal';

/** What a rule says about an act. */
export interface Finding {
  rule: string;
  basis: string;
  severity: Severity;
  message: Text;
  remedy: Text;
  /** JSON path of the form's field, such as `price.reserve`. */
  field?: string | null;
  facts: Record<string, string>;
}

/** The body of a refusal. */
export interface Problem {
  type: string;
  title: string;
  status: number;
  detail?: string;
  findings: Finding[];
}

/**
 * What kind of failure a page has to speak about:
 * - `network`: no answer came; the act may or may not have happened, the same call may be repeated.
 * - `signed-out`: the session is over.
 * - `forbidden`, `not-found`: as they say.
 * - `refused`: the rules or the form speak against it; see `findings`.
 * - `busy`: too much at once; try later.
 * - `server`: a fault on the other side.
 */
export type FailureKind = 'network' | 'signed-out' | 'forbidden' | 'not-found' | 'refused' | 'busy' | 'server';

/** Every failure of a call, in one shape. */
export class ApiError extends Error {
  override readonly name = 'ApiError';
  readonly kind: FailureKind;

  constructor(
    readonly problem: Problem,
    /** Seconds to wait before trying again, where the server said so. */
    readonly retryAfter: number | null = null,
    options?: ErrorOptions
  ) {
    super(problem.detail ?? problem.title, options);
    this.kind = kindOf(problem.status);
  }

  get status(): number {
    return this.problem.status;
  }

  get findings(): Finding[] {
    return this.problem.findings;
  }
}

function kindOf(status: number): FailureKind {
  if (status === 0) return 'network';
  if (status === 401) return 'signed-out';
  if (status === 403) return 'forbidden';
  if (status === 404 || status === 410) return 'not-found';
  if (status === 429 || status === 503) return 'busy';
  return status >= 500 ? 'server' : 'refused';
}

const isRecord = (value: unknown): value is Record<string, unknown> => typeof value === 'object' && value !== null;
const textOf = (value: unknown): string => (typeof value === 'string' ? value : '');

function bilingual(value: unknown): Text {
  if (isRecord(value)) return { zh: textOf(value.zh), en: textOf(value.en) };
  return { zh: textOf(value), en: textOf(value) };
}

/** Facts come as an object, or as a list of name and value. */
function factsOf(value: unknown): Record<string, string> {
  if (Array.isArray(value)) {
    return Object.fromEntries(value.filter(isRecord).map((fact) => [textOf(fact.name), String(fact.value ?? '')]));
  }
  if (!isRecord(value)) return {};
  return Object.fromEntries(Object.entries(value).map(([name, fact]) => [name, String(fact)]));
}

/** A finding from the wire; what is missing becomes empty rather than a crash of the page that explains a refusal. */
export function findingOf(value: unknown): Finding {
  const from = isRecord(value) ? value : {};
  const severity = from.severity === 'note' || from.severity === 'warning' ? from.severity : 'refusal';
  return {
    rule: textOf(from.rule),
    basis: textOf(from.basis),
    severity,
    message: bilingual(from.message),
    remedy: bilingual(from.remedy),
    field: typeof from.field === 'string' ? from.field : null,
    facts: factsOf(from.facts)
  };
}

/** Reads the answer of a failed call, whatever stands in it: a proxy's HTML page must not hide the status. */
export async function problemOf(response: Response): Promise<ApiError> {
  let body: unknown = null;
  if (/json/.test(response.headers.get('content-type') ?? '')) body = await response.json().catch(() => null);
  const from = isRecord(body) ? body : {};
  const problem: Problem = {
    type: textOf(from.type) || 'about:blank',
    title: textOf(from.title) || response.statusText || `HTTP ${response.status}`,
    status: response.status,
    detail: textOf(from.detail) || undefined,
    findings: Array.isArray(from.findings) ? from.findings.map(findingOf) : []
  };
  const wait = Number.parseInt(response.headers.get('retry-after') ?? '', 10);
  return new ApiError(problem, Number.isFinite(wait) ? wait : null);
}

/** The failure of a call that got no answer. */
export function unreachable(cause: unknown): ApiError {
  return new ApiError({ type: 'about:blank', title: 'network', status: 0, findings: [] }, null, { cause });
}

/** Any thrown value as an ApiError, for pages that show errors. */
export function asApiError(error: unknown): ApiError {
  return error instanceof ApiError
    ? error
    : new ApiError({ type: 'about:blank', title: String(error), status: 500, findings: [] }, null, { cause: error });
}

/** The findings that belong to a field of a form. */
export function findingsAt(findings: readonly Finding[], field: string): Finding[] {
  return findings.filter((finding) => finding.field === field);
}

/** The findings that belong to none of the fields shown, so that none goes unseen. */
export function findingsElsewhere(findings: readonly Finding[], fields: readonly string[]): Finding[] {
  return findings.filter((finding) => !finding.field || !fields.includes(finding.field));
}
