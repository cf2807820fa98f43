/** Numbers as people type them, for fields that are no amounts of money. */
import { parseDecimal } from '../format/decimal';

/** A whole number above zero, as typed; null where it is none. */
export function whole(typed: string): number | null {
  const plain = typed.normalize('NFKC').trim();
  return /^\d{1,6}$/.test(plain) && Number(plain) > 0 ? Number(plain) : null;
}

/** Plain decimal text, as typed; null where it is none. */
export function decimalOf(typed: string): string | null {
  const plain = typed.normalize('NFKC').replaceAll(',', '').trim();
  return parseDecimal(plain) ? plain : null;
}
