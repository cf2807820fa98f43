/**
 * Instants are UTC (RFC 3339) in the API and Beijing time (fixed +08:00) on the page, whatever zone the device is in:
 * an auction closes at one moment for all.
 */
import type { Lang } from '../i18n/language.svelte';

const OFFSET_MS = 8 * 3_600_000;
const MONTHS = ['Jan', 'Feb', 'Mar', 'Apr', 'May', 'Jun', 'Jul', 'Aug', 'Sep', 'Oct', 'Nov', 'Dec'];
const DAYS: Record<Lang, string[]> = {
  zh: ['周日', '周一', '周二', '周三', '周四', '周五', '周六'],
  en: ['Sun', 'Mon', 'Tue', 'Wed', 'Thu', 'Fri', 'Sat']
};

/** An instant: RFC 3339 text or milliseconds since 1970. */
export type Instant = string | number;

export function toMs(instant: Instant): number {
  const ms = typeof instant === 'number' ? instant : Date.parse(instant);
  if (!Number.isFinite(ms)) throw new RangeError(`not an instant: ${instant}`);
  return ms;
}

const two = (n: number): string => String(n).padStart(2, '0');

interface Parts {
  year: number;
  month: number;
  day: number;
  weekday: number;
  clock: string;
  seconds: string;
}

/** The calendar and clock in Beijing. */
function beijing(instant: Instant): Parts {
  const shifted = new Date(toMs(instant) + OFFSET_MS);
  return {
    year: shifted.getUTCFullYear(),
    month: shifted.getUTCMonth() + 1,
    day: shifted.getUTCDate(),
    weekday: shifted.getUTCDay(),
    clock: `${two(shifted.getUTCHours())}:${two(shifted.getUTCMinutes())}`,
    seconds: two(shifted.getUTCSeconds())
  };
}

/** `2024年9月25日`, `25 Sep 2024`. Takes an instant or a plain `YYYY-MM-DD`. */
export function formatDate(value: Instant, lang: Lang, weekday = false): string {
  const plain = typeof value === 'string' && /^\d{4}-\d{2}-\d{2}$/.test(value);
  const at = beijing(plain ? `${value}T00:00:00+08:00` : value);
  const day = DAYS[lang][at.weekday];
  if (lang === 'zh') return `${at.year}年${at.month}月${at.day}日${weekday ? `（${day}）` : ''}`;
  return `${weekday ? `${day} ` : ''}${at.day} ${MONTHS[at.month - 1]} ${at.year}`;
}

/** Date and time to the minute, or to the second: `2024年9月25日 10:00`. */
export function formatDateTime(value: Instant, lang: Lang, seconds = false): string {
  const at = beijing(value);
  const clock = seconds ? `${at.clock}:${at.seconds}` : at.clock;
  return lang === 'zh' ? `${formatDate(value, lang)} ${clock}` : `${formatDate(value, lang)}, ${clock}`;
}

/** The clock alone: `10:00:07`. */
export function formatClock(value: Instant, seconds = true): string {
  const at = beijing(value);
  return seconds ? `${at.clock}:${at.seconds}` : at.clock;
}

/** The date in Beijing as `YYYY-MM-DD`, for `<input type=date>` and the API. */
export function isoDate(value: Instant): string {
  const at = beijing(value);
  return `${at.year}-${two(at.month)}-${two(at.day)}`;
}

/** For `<input type=datetime-local>`: `2024-09-25T10:00`, meant in Beijing. */
export function toInput(instant: Instant | null | undefined): string {
  if (instant === null || instant === undefined || instant === '') return '';
  return `${isoDate(instant)}T${beijing(instant).clock}`;
}

/** The instant that an input meant: RFC 3339 with milliseconds and Z; null while it is empty. */
export function fromInput(value: string): string | null {
  if (!value) return null;
  const ms = Date.parse(`${value.length === 16 ? `${value}:00` : value}+08:00`);
  return Number.isFinite(ms) ? new Date(ms).toISOString() : null;
}

/** What is left until a moment, never below zero. */
export interface Left {
  ended: boolean;
  days: number;
  hours: number;
  minutes: number;
  seconds: number;
}

/** Splits milliseconds. Rounds up to the second, so that `00:00:00` shows only when it is over. */
export function left(ms: number): Left {
  const total = Math.max(0, Math.ceil(ms / 1000));
  return {
    ended: ms <= 0,
    days: Math.floor(total / 86_400),
    hours: Math.floor(total / 3600) % 24,
    minutes: Math.floor(total / 60) % 60,
    seconds: total % 60
  };
}

/** `2 天 03:04:05`, `03:04:05`: constant width while it runs within a day. */
export function formatLeft(ms: number, lang: Lang): string {
  const { days, hours, minutes, seconds } = left(ms);
  const clock = `${two(hours)}:${two(minutes)}:${two(seconds)}`;
  return days === 0 ? clock : `${days} ${lang === 'zh' ? '天' : 'd'} ${clock}`;
}

/** In words for screen readers, its two largest parts: `2 天 3 小时`, `4 minutes 5 seconds`. */
export function speakLeft(ms: number, lang: Lang): string {
  const { days, hours, minutes, seconds } = left(ms);
  const names = lang === 'zh' ? ['天', '小时', '分钟', '秒'] : ['days', 'hours', 'minutes', 'seconds'];
  const parts = [days, hours, minutes, seconds].map((n, i) => ({ n, name: names[i] }));
  const first = parts.findIndex((part) => part.n > 0);
  if (first < 0) return `0 ${names[3]}`;
  return parts
    .slice(first, first + 2)
    .filter((part) => part.n > 0)
    .map((part) => `${part.n} ${part.name}`)
    .join(' ');
}
