/** How far a stated area lies from the measured one, exactly. What is too far is the rulebook's to say. */
import { parseDecimal, pow10, divideHalfUp, type Decimal } from '../format/decimal';

export interface AreaDifference {
  /** Measured less stated, in mu. */
  mu: Decimal;
  /** As a share of the measured area, to four places; null where nothing was measured. */
  share: Decimal | null;
}

export function areaDifference(statedMu: string, measuredMu: string): AreaDifference | null {
  const [stated, measured] = [parseDecimal(statedMu), parseDecimal(measuredMu)];
  if (!stated || !measured) return null;
  const scale = Math.max(stated.scale, measured.scale);
  const up = (value: Decimal): bigint => value.units * pow10(scale - value.scale);
  const units = up(measured) - up(stated);
  return {
    mu: { units, scale },
    share: up(measured) === 0n ? null : { units: divideHalfUp(units * pow10(4), up(measured)), scale: 4 }
  };
}
