/**
 * Numbers of people and organisations that do not exist, with the check characters that make them well-formed, and a parcel where they could farm.
 */
const WEIGHTS = [7, 9, 10, 5, 8, 4, 2, 1, 6, 3, 7, 9, 10, 5, 8, 4, 2];
const USCC = '0123456789ABCDEFGHJKLMNPQRTUWXY';

/** A resident identity number (居民身份证号, GB 11643). */
export function resident(year, serial) {
  const head = `500229${year}01${String(Math.floor(serial / 1000) + 1).padStart(2, '0')}${String(serial % 1000).padStart(3, '0')}`;
  const sum = [...head].reduce((total, digit, at) => total + Number(digit) * WEIGHTS[at], 0);
  return head + '10X98765432'[sum % 11];
}

/** A unified social credit code (统一社会信用代码, GB 32100). */
export function uscc(serial) {
  const head = `N2500229MACEX${String(serial).padStart(3, '0')}1`;
  let weight = 1;
  let sum = 0;
  for (const character of head) {
    sum += USCC.indexOf(character) * weight;
    weight = (weight * 3) % 31;
  }
  return head + USCC[(31 - (sum % 31)) % 31];
}

/** A bank account number. */
export const account = (serial) => `6222020000${String(serial).padStart(9, '0')}`;

/** A register of `households` households of three, all of age, as a village keeps it in a spreadsheet. */
export function register(households) {
  const rows = [];
  for (let household = 0; household < households; household += 1) {
    ['户主', '配偶', '子女'].forEach((relation, at) => {
      const number = household * 3 + at;
      rows.push([String(household + 1).padStart(3, '0'), `测试成员${String(number).padStart(3, '0')}`, resident(1950 + 15 * at, 100 + number), relation].join(','));
    });
  }
  return ['户号,姓名,身份证号,与户主关系', ...rows, ''].join('\n');
}

/** A square parcel of `mu` as GeoJSON in CGCS2000. Its sides are reckoned on the ellipsoid. */
export function parcel(mu, lon = 108.4, lat = 31.7) {
  const side = Math.sqrt((mu * 10_000) / 15);
  const [a, e2, rad] = [6_378_137, 0.0066943800229, Math.PI / 180];
  const sin2 = Math.sin(lat * rad) ** 2;
  const north = side / (((a * (1 - e2)) / (1 - e2 * sin2) ** 1.5) * rad);
  const east = side / ((a / Math.sqrt(1 - e2 * sin2)) * Math.cos(lat * rad) * rad);
  const [right, top] = [lon + east, lat + north];
  return { type: 'Polygon', coordinates: [[[lon, lat], [right, lat], [right, top], [lon, top], [lon, lat]]] };
}

/** A bank statement of a day. `rows`: `{ line, way, fen, name, account, remark }`. */
export function statement(day, rows) {
  const head = 'date,line_id,direction,amount_yuan,counterparty_name,counterparty_account,remark';
  const yuan = (fen) => `${Math.floor(fen / 100)}.${String(fen % 100).padStart(2, '0')}`;
  return [head, ...rows.map((row) => [day, row.line, row.way, yuan(row.fen), row.name, row.account, row.remark].join(',')), ''].join('\n');
}
