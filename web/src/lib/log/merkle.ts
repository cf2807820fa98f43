/**
 * Checks in the browser that an entry is in the log: RFC 6962 (2.1.1) with the log's own bytes. The page need not believe the server that
 * sent it; whether the checkpoint is the one that others see is for witnesses and `sanbian verify` to tell.
 */

const hex = (bytes: Uint8Array): string => [...bytes].map((byte) => byte.toString(16).padStart(2, '0')).join('');

function unhex(text: string): Uint8Array {
  if (!/^(?:[0-9a-f]{2})*$/.test(text)) throw new RangeError('not hex');
  return Uint8Array.from(text.match(/../g) ?? [], (pair) => Number.parseInt(pair, 16));
}

async function sha256(...parts: Uint8Array[]): Promise<Uint8Array> {
  const all = new Uint8Array(parts.reduce((length, part) => length + part.length, 0));
  let at = 0;
  for (const part of parts) {
    all.set(part, at);
    at += part.length;
  }
  return new Uint8Array(await crypto.subtle.digest('SHA-256', all));
}

/** The leaf hash of an entry's bytes, hex. */
export async function leafHash(entry: string): Promise<string> {
  return hex(await sha256(Uint8Array.of(0), new TextEncoder().encode(entry)));
}

/** The root that a proof leads to from a leaf, hex; null where the proof does not fit the tree's size. */
export async function rootFrom(leaf: string, index: number, size: number, proof: readonly string[]): Promise<string | null> {
  if (!Number.isSafeInteger(index) || !Number.isSafeInteger(size) || index < 0 || index >= size) return null;
  // RFC 9162, 2.1.3.2: fn and sn walk up from the leaf and from the last leaf.
  let [fn, sn] = [BigInt(index), BigInt(size) - 1n];
  let root = unhex(leaf);
  for (const step of proof) {
    if (sn === 0n) return null;
    const sibling = unhex(step);
    if ((fn & 1n) === 1n || fn === sn) {
      root = await sha256(Uint8Array.of(1), sibling, root);
      while ((fn & 1n) === 0n && fn !== 0n) {
        fn >>= 1n;
        sn >>= 1n;
      }
    } else {
      root = await sha256(Uint8Array.of(1), root, sibling);
    }
    fn >>= 1n;
    sn >>= 1n;
  }
  return sn === 0n ? hex(root) : null;
}

/** Whether the page could check, and what came of it. `unable`: the browser has no SHA-256 here, as without TLS. */
export type Check = 'holds' | 'broken' | 'unable';

export async function checkInclusion(entry: string, index: number, size: number, proof: readonly string[], root: string): Promise<Check> {
  if (!globalThis.crypto?.subtle) return 'unable';
  try {
    return (await rootFrom(await leafHash(entry), index, size, proof)) === root ? 'holds' : 'broken';
  } catch {
    return 'broken';
  }
}
