/**
 * Exact decimals for areas, ratios and unit prices: a whole number of 10^-scale units. The API writes them as text and so do we;
 * no float ever stands between.
 */
export interface Decimal {
  readonly units: bigint;
  readonly scale: number;
}

const SHAPE = /^([+-]?)(\d+)(?:\.(\d+))?$/;

/** Ten to the power of `n`. */
export function pow10(n: number): bigint {
  return 10n ** BigInt(n);
}

/** Reads plain decimal text such as `374.6`; null where it is anything else. */
export function parseDecimal(text: string): Decimal | null {
  const parts = SHAPE.exec(text.trim());
  if (!parts) return null;
  const [, sign, whole = '0', fraction = ''] = parts;
  const units = BigInt(whole + fraction);
  return { units: sign === '-' ? -units : units, scale: fraction.length };
}

/** Reads decimal text that the program itself or the API wrote. Throws on anything else. */
export function decimal(text: string): Decimal {
  const value = parseDecimal(text);
  if (!value) throw new RangeError(`not a decimal: ${text}`);
  return value;
}

/** `a / b`, rounded half away from zero (四舍五入). `b` must not be zero. */
export function divideHalfUp(a: bigint, b: bigint): bigint {
  const negative = a < 0n !== b < 0n;
  const [x, y] = [a < 0n ? -a : a, b < 0n ? -b : b];
  const quotient = (2n * x + y) / (2n * y);
  return negative ? -quotient : quotient;
}

/** The value with exactly `places` decimal places, rounded half up. */
export function rescale(value: Decimal, places: number): Decimal {
  if (places >= value.scale) return { units: value.units * pow10(places - value.scale), scale: places };
  return { units: divideHalfUp(value.units, pow10(value.scale - places)), scale: places };
}

/** Plain text: no grouping, all its decimal places. */
export function decimalText(value: Decimal): string {
  const negative = value.units < 0n;
  const digits = (negative ? -value.units : value.units).toString().padStart(value.scale + 1, '0');
  const whole = digits.slice(0, digits.length - value.scale);
  const fraction = value.scale === 0 ? '' : `.${digits.slice(-value.scale)}`;
  return `${negative ? '-' : ''}${whole}${fraction}`;
}

/** Groups the whole part by thousands: `1234567.8` becomes `1,234,567.8`. */
export function group(text: string): string {
  const [whole = '', fraction] = text.split('.');
  const grouped = whole.replace(/\B(?=(\d{3})+(?!\d))/g, ',');
  return fraction === undefined ? grouped : `${grouped}.${fraction}`;
}

/** For reading: thousands grouped, at most `places` decimals (rounded half up), trailing zeros dropped. */
export function formatDecimal(value: Decimal | string, places = 6): string {
  const exact = typeof value === 'string' ? decimal(value) : value;
  const text = decimalText(exact.scale > places ? rescale(exact, places) : exact);
  return group(text.includes('.') ? text.replace(/\.?0+$/, '') : text);
}

/** A ratio such as `0.3` as a percentage: `30 %` in English, `30%` in Chinese. */
export function formatPercent(ratio: Decimal | string, lang: 'zh' | 'en', places = 2): string {
  const exact = typeof ratio === 'string' ? decimal(ratio) : ratio;
  const percent: Decimal = { units: exact.units * 100n, scale: exact.scale };
  return `${formatDecimal(percent, places)}${lang === 'zh' ? '' : ' '}%`;
}
