/** What happened in a room, in words for the live regions. */
import { formatPrice } from '../format/price';
import { formatClock } from '../format/time';
import { language } from '../i18n';
import { room as t } from '../i18n/catalogue/room';
import type { Happening } from './state';

/** What is said, and whether it breaks in on what is being read: only what asks the person to act at once. */
export interface Said {
  text: string;
  urgent: boolean;
}

export function sayOf(news: Happening, basis: string, counted?: string): Said {
  const price = (fen: number): string => formatPrice(fen, basis, language.current, counted);
  switch (news.kind) {
    case 'leading':
      return { text: t('sayLeading', { price: price(news.fen) }), urgent: false };
    case 'outbid':
      return { text: t('sayOutbid', { n: news.by, price: price(news.fen) }), urgent: true };
    case 'offer':
      return { text: t('sayOffer', { n: news.bid.bidder, price: price(news.bid.amount_fen) }), urgent: false };
    case 'extended':
      return { text: t('sayExtended', { time: formatClock(news.until) }), urgent: false };
    case 'phase':
      if (news.phase === 'suspended') return { text: t('saySuspended'), urgent: true };
      return { text: t(news.phase === 'drawing' ? 'sayDrawing' : 'sayResumed'), urgent: true };
    case 'closed':
      if (news.winner === null || news.fen === null) return { text: t('sayUnsold'), urgent: true };
      if (news.won) return { text: t('sayWon', { price: price(news.fen) }), urgent: true };
      return { text: t('saySold', { n: news.winner, price: price(news.fen) }), urgent: true };
  }
}
