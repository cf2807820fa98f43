/**
 * Money in fen (分): whole numbers, from the API as JSON numbers within 2^53, inside as bigint. Nothing here ever divides by a float.
 */
import { decimalText, group, pow10, divideHalfUp } from './decimal';
import type { Lang } from '../i18n/language.svelte';

/** An amount in fen. A `number` must be a safe integer. */
export type Fen = number | bigint;

/** The amount as a bigint. Throws where a number is not a safe integer: a float among money is a fault of the program. */
export function toFen(amount: Fen): bigint {
  if (typeof amount === 'bigint') return amount;
  if (!Number.isSafeInteger(amount)) throw new RangeError(`not whole fen: ${amount}`);
  return BigInt(amount);
}

/** Figures alone: `1,234.50`; whole yuan without decimals unless `always` asks for them. */
export function figures(amount: Fen, always = false): string {
  const fen = toFen(amount);
  if (fen % 100n === 0n && !always) return group(decimalText({ units: fen / 100n, scale: 0 }));
  return group(decimalText({ units: fen, scale: 2 }));
}

/** With its unit: `1,234.50 元`, `¥1,234.50`. */
export function formatYuan(amount: Fen, lang: Lang, always = false): string {
  const text = figures(amount, always);
  if (lang === 'zh') return `${text} 元`;
  return text.startsWith('-') ? `-¥${text.slice(1)}` : `¥${text}`;
}

/** Short for lists: 万 and 亿 (million and billion in English) with at most two decimals, 约 (c.) where that is not exact. */
export function shortYuan(amount: Fen, lang: Lang): string {
  const fen = toFen(amount);
  const size = fen < 0n ? -fen : fen;
  const units: [bigint, string][] =
    lang === 'zh'
      ? [
          [pow10(10), '亿元'],
          [pow10(6), '万元']
        ]
      : [
          [pow10(11), ' bn'],
          [pow10(8), ' m']
        ];
  for (const [unit, name] of units) {
    if (size < unit) continue;
    const hundredths = divideHalfUp(fen * 100n, unit);
    const exact = hundredths * unit === fen * 100n;
    const text = group(decimalText({ units: hundredths, scale: 2 }).replace(/\.?0+$/, ''));
    if (lang === 'zh') return `${exact ? '' : '约 '}${text} ${name}`;
    return `${exact ? '' : 'c. '}${text.startsWith('-') ? `-¥${text.slice(1)}` : `¥${text}`}${name}`;
  }
  return formatYuan(fen, lang);
}

/** Why an amount that was typed can't be read. */
export type AmountFault = 'empty' | 'not-a-number' | 'negative' | 'finer-than-fen' | 'too-large';

export type ReadAmount = { fen: number } | { fault: AmountFault };

/** Signs that phones and Chinese keyboards write for the same thing. */
function plain(text: string): string {
  return text
    .normalize('NFKC') // full-width digits, commas and full stops
    .replace(/[\s¥¥元圆块]|人民币|rmb|cny|yuan/gi, '')
    .replace(/[。]/g, '.')
    .replace(/[,、]/g, ',');
}

/** Reads what a person typed as an amount in yuan: `1,234.5`, `12万`, `1.2亿`, `¥80`. */
export function readYuan(typed: string): ReadAmount {
  let text = plain(typed);
  if (text === '') return { fault: 'empty' };
  if (text.startsWith('-')) return { fault: 'negative' };

  let shift = 2; // yuan to fen
  if (text.endsWith('万')) shift = 6;
  if (text.endsWith('亿')) shift = 10;
  if (shift !== 2) text = text.slice(0, -1);

  // A comma must group by threes: `1,50` is more likely a slip for 1.50 than 150.
  if (text.includes(',')) {
    if (!/^\d{1,3}(,\d{3})+(\.\d*)?$/.test(text)) return { fault: 'not-a-number' };
    text = text.replaceAll(',', '');
  }
  const parts = /^(\d+)(?:\.(\d*))?$/.exec(text);
  if (!parts) return { fault: 'not-a-number' };
  const fraction = (parts[2] ?? '').replace(/0+$/, '');
  if (fraction.length > shift) return { fault: 'finer-than-fen' };
  const fen = BigInt((parts[1] ?? '0') + fraction.padEnd(shift, '0'));
  if (fen > BigInt(Number.MAX_SAFE_INTEGER)) return { fault: 'too-large' };
  return { fen: Number(fen) };
}

/** What stands in an input for an amount: `1,234.50`, ungrouped while typed. */
export function inputYuan(amount: Fen | null | undefined): string {
  return amount === null || amount === undefined ? '' : figures(amount);
}
