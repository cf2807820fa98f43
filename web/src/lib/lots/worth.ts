/**
 * What an offer comes to per mu and year and in all, at once and on the page. Where the rent rises, the server's total at the reserve is the
 * measure: a rent that rises by per cent grows with the price, one that rises by amounts moves with it. The server's sum decides to the fen.
 */
import { divideHalfUp } from '../format/decimal';
import { toFen, type Fen } from '../format/money';
import { meaning, type Meaning } from '../format/price';
import { extentOf, isLand, offerBasis, type Notice } from './notice';

/** What is needed of a lot. */
export interface Priced {
  notice: Notice;
  area_mu?: string | null;
  reserve_fen: number;
  reserve_total_fen: number;
  per_mu_year_fen?: number | null;
}

/** Whether the rent rises over the term, so that its total is not the first year's many times over. */
export function rises(notice: Notice): boolean {
  const kind = notice.price?.escalator?.kind ?? 'none';
  return kind !== 'none';
}

/** The meaning of prices of one lot. */
export function worthOf(lot: Priced): (fen: Fen) => Meaning {
  const basis = offerBasis(lot.notice);
  const extent = extentOf(lot.notice, lot.area_mu);
  const reserve = toFen(lot.reserve_fen);
  const total = toFen(lot.reserve_total_fen);
  const muYear = lot.per_mu_year_fen === null || lot.per_mu_year_fen === undefined ? null : toFen(lot.per_mu_year_fen);
  const atReserve = meaning(reserve, basis, extent);
  // Fen lost to rounding year by year are no other way of reckoning.
  const off = atReserve.total === null ? null : atReserve.total - total;
  const level = off !== null && off >= -100n && off <= 100n;
  const added = lot.notice.price?.escalator?.kind === 'amount' && atReserve.total !== null;

  const land = isLand(lot.notice);
  const told = (means: Meaning): Meaning => (land ? means : { ...means, perMuYear: null });

  return (fen) => {
    if (level || reserve <= 0n || total <= 0n) return told(meaning(fen, basis, extent));
    const price = toFen(fen);
    if (added) {
      const more = meaning(price - reserve, basis, extent);
      return told({
        perMuYear: muYear !== null && more.perMuYear !== null ? muYear + more.perMuYear : null,
        perYear: null,
        total: more.total === null ? null : total + more.total
      });
    }
    return told({
      perMuYear: muYear === null ? null : divideHalfUp(muYear * price, reserve),
      perYear: null,
      total: divideHalfUp(total * price, reserve)
    });
  };
}
