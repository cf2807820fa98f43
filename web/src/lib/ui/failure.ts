/** Failures outside of forms. */
import { ApiError, asApiError, type Finding } from '../api/problem';
import { pick } from '../i18n';
import { findings as t } from '../i18n/catalogue/findings';
import { toasts } from './toasts.svelte';

/** A failure known on the page itself, in the shape of the API's, so that it is shown in the same words. */
export function failure(status: number, findings: Finding[] = [], retryAfter: number | null = null): ApiError {
  return new ApiError({ type: 'about:blank', title: '', status, findings }, retryAfter);
}

/** Says in a toast that an act from a button failed: the first finding's words, or what kind of failure it was. Forms show all findings instead. */
export function toastFailure(error: unknown): void {
  const { findings, kind } = asApiError(error);
  const first = findings[0];
  toasts.show(first ? `${pick(first.message)} ${pick(first.remedy)}`.trim() : t(kind), 'bad');
}
