/** A first password to hand over: long enough, and without signs that look alike when it is read aloud or copied from paper. */
const SIGNS = 'abcdefghjkmnpqrstuvwxyz23456789';
const GROUPS = 4;
const GROUP = 4;

/** `random(n)` gives a whole number below `n`. 16 signs of 31 are about 79 bits. */
export function firstPassword(random: (below: number) => number = fair): string {
  return Array.from({ length: GROUPS }, () => Array.from({ length: GROUP }, () => SIGNS[random(SIGNS.length)] ?? '').join('')).join('-');
}

/** A whole number below `n`, each as likely as the others. */
function fair(n: number): number {
  const most = Math.floor(256 / n) * n;
  for (;;) {
    const [byte = 0] = crypto.getRandomValues(new Uint8Array(1));
    if (byte < most) return byte % n;
  }
}
