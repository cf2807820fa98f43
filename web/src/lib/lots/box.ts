/** The picture of comparable prices: a box from quartile to quartile on the line from the lowest to the highest. Floats are right: it draws. */
export interface Box {
  low: number;
  high: number;
  /** Where an amount stands, from 0 to 400. */
  x(fen: number): number;
}

/** `prices` are those listed, which may be fewer than those counted: the quartiles widen the line where they lie outside. */
export function boxOf(prices: readonly number[], lower: number, median: number, upper: number, mine: number | null): Box {
  const low = Math.min(lower, median, ...prices);
  const high = Math.max(upper, median, ...prices);
  const from = mine === null ? low : Math.min(low, mine);
  const to = mine === null ? high : Math.max(high, mine);
  const span = Math.max(to - from, 1);
  return { low, high, x: (fen) => 12 + (376 * (fen - from)) / span };
}
