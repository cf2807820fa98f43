/** Region codes (GB/T 2260 and its extensions) as the pages speak of them. */
import { messages } from '../i18n';
import type { Grant, Role } from '../session/roles';

/** Lengths of a code, and what lies there. */
const LEVELS = { 0: 'country', 2: 'province', 4: 'city', 6: 'county', 9: 'township', 12: 'village', 14: 'group' } as const;

export const regionLevel = messages({
  country: { zh: '全国', en: 'everywhere' },
  province: { zh: '省级', en: 'province' },
  city: { zh: '市级', en: 'city' },
  county: { zh: '县级', en: 'county' },
  township: { zh: '乡镇级', en: 'township' },
  village: { zh: '村级', en: 'village' },
  group: { zh: '组级', en: 'villagers’ group' }
});

/** Whether a text is a code of the lengths that grants and assets know. Empty is everywhere. */
export function isRegion(code: string): boolean {
  return /^\d*$/.test(code) && code.length in LEVELS;
}

/** `500155001 · 乡镇级`; everywhere has no code. */
export function regionWords(code: string): string {
  const level = LEVELS[code.length as keyof typeof LEVELS];
  if (!level) return code;
  return code ? `${code} · ${regionLevel(level)}` : regionLevel(level);
}

/** The regions in which some roles are held, each once, without those that lie inside another one. */
export function regionsOf(grants: readonly Grant[], roles: readonly Role[]): string[] {
  const codes = [...new Set(grants.filter((grant) => roles.includes(grant.role)).map((grant) => grant.region))];
  return codes.filter((code) => !codes.some((other) => other !== code && code.startsWith(other))).sort();
}
