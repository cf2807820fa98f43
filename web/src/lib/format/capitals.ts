/**
 * Amounts in Chinese capitals (大写金额), as payment instruments write them.
 *
 * Basis: 支付结算办法 (银发〔1997〕393号), 附件一 正确填写票据和结算凭证的基本规定. Where it allows two forms, the form it prints first:
 * a zero after 元 where the yuan end in 0 and 角 follow (壹仟陆佰捌拾元零叁角贰分, 壹拾万柒仟元零伍角叁分); no 整 after 角.
 */
import { toFen, type Fen } from './money';

const DIGITS = '零壹贰叁肆伍陆柒捌玖';
const PLACES = ['', '拾', '佰', '仟'];
const GROUPS = ['', '万', '亿', '万亿'];

/** Four digits in capitals, without a leading zero: 105 is 壹佰零伍. */
function four(value: number): string {
  let out = '';
  let zero = false;
  for (let place = 3; place >= 0; place -= 1) {
    const digit = Math.trunc(value / 10 ** place) % 10;
    if (digit === 0) {
      zero = out !== '';
      continue;
    }
    out += (zero ? '零' : '') + DIGITS[digit] + PLACES[place];
    zero = false;
  }
  return out;
}

/** A positive whole number in capitals. */
function whole(value: bigint): string {
  const groups: number[] = [];
  for (let rest = value; rest > 0n; rest /= 10_000n) groups.push(Number(rest % 10_000n));
  if (groups.length > GROUPS.length) throw new RangeError('amount too large for capitals');

  let out = '';
  let zero = false;
  for (let index = groups.length - 1; index >= 0; index -= 1) {
    const part = groups[index] ?? 0;
    if (part === 0) {
      zero = out !== '';
      continue;
    }
    // A group that does not fill its four places leaves a gap, and a gap is one 零.
    const gap = out !== '' && (zero || part < 1000);
    // Where a 亿 group follows, 亿 is said once, at its end: 壹万贰仟亿, not 壹万亿贰仟亿.
    const unit = index === 3 && (groups[2] ?? 0) > 0 ? '万' : GROUPS[index];
    out += (gap ? '零' : '') + four(part) + unit;
    zero = false;
  }
  return out;
}

/** The amount in capitals with 人民币 before it: 140950 fen is 人民币壹仟肆佰零玖元伍角. */
export function capitals(amount: Fen): string {
  const fen = toFen(amount);
  if (fen === 0n) return '人民币零元整';
  const positive = fen < 0n ? -fen : fen;
  const yuan = positive / 100n;
  const jiao = Number((positive / 10n) % 10n);
  const cent = Number(positive % 10n);

  let out = yuan > 0n ? `${whole(yuan)}元` : '';
  if (jiao === 0 && cent === 0) {
    out += '整';
  } else {
    const gap = yuan > 0n && (jiao === 0 || yuan % 10n === 0n);
    out += (gap ? '零' : '') + (jiao > 0 ? `${DIGITS[jiao]}角` : '') + (cent > 0 ? `${DIGITS[cent]}分` : '');
  }
  return `人民币${fen < 0n ? '负' : ''}${out}`;
}
