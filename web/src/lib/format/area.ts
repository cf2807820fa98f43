/** Areas: the field counts in mu (亩); a mu is 2000/3 square metres, 15 mu are one hectare. */
import { decimal, divideHalfUp, formatDecimal, pow10 } from './decimal';
import type { Lang } from '../i18n/language.svelte';

/** `374.6 亩`, `374.6 mu`. */
export function formatMu(mu: string, lang: Lang): string {
  return `${formatDecimal(mu, 4)} ${lang === 'zh' ? '亩' : 'mu'}`;
}

/** In hectares, to four places, rounded half up: `24.9733 公顷`. */
export function formatHectares(mu: string, lang: Lang): string {
  const value = decimal(mu);
  const units = divideHalfUp(value.units * pow10(4), 15n * pow10(value.scale));
  return `${formatDecimal({ units, scale: 4 }, 4)} ${lang === 'zh' ? '公顷' : 'ha'}`;
}

/** In square metres, to two places, rounded half up. */
export function formatSquareMetres(mu: string, lang: Lang): string {
  const value = decimal(mu);
  const units = divideHalfUp(value.units * 2000n * pow10(2), 3n * pow10(value.scale));
  return `${formatDecimal({ units, scale: 2 }, 2)} ${lang === 'zh' ? '平方米' : 'm²'}`;
}
