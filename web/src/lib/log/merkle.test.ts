import { createHash } from 'node:crypto';
import { describe, expect, it } from 'vitest';
import { checkInclusion, leafHash, rootFrom } from './merkle';

// A tree built the plain, recursive way of RFC 6962, to hold the walk up against.
const hash = (...parts: Buffer[]): Buffer => createHash('sha256').update(Buffer.concat(parts)).digest();
const leaf = (text: string): Buffer => hash(Buffer.of(0), Buffer.from(text));
const split = (n: number): number => 2 ** Math.floor(Math.log2(n - 1));

function root(leaves: Buffer[]): Buffer {
  if (leaves.length === 1) return leaves[0] as Buffer;
  const k = split(leaves.length);
  return hash(Buffer.of(1), root(leaves.slice(0, k)), root(leaves.slice(k)));
}

function path(index: number, leaves: Buffer[]): Buffer[] {
  if (leaves.length === 1) return [];
  const k = split(leaves.length);
  return index < k
    ? [...path(index, leaves.slice(0, k)), root(leaves.slice(k))]
    : [...path(index - k, leaves.slice(k)), root(leaves.slice(0, k))];
}

const entries = Array.from({ length: 70 }, (_, n) => `{"kind":"test","n":${n},"字":"三变"}`);
const leaves = entries.map(leaf);

describe('inclusion', () => {
  it('of a known leaf', async () => {
    // RFC 6962 test vector: the leaf hash of the empty string.
    expect(await leafHash('')).toBe('6e340b9cffb37a989ca544e6bb780a2c78901d3fb33738768511a30617afa01d');
  });

  it('holds for every entry of every tree up to 70', async () => {
    for (let size = 1; size <= leaves.length; size += 1) {
      const tree = leaves.slice(0, size);
      const top = root(tree).toString('hex');
      for (let index = 0; index < size; index += 1) {
        const proof = path(index, tree).map((one) => one.toString('hex'));
        expect(await rootFrom((tree[index] as Buffer).toString('hex'), index, size, proof)).toBe(top);
      }
    }
  });

  it('fails for another entry, another place, a short, a long and a garbled proof', async () => {
    const tree = leaves.slice(0, 13);
    const top = root(tree).toString('hex');
    const proof = path(5, tree).map((one) => one.toString('hex'));
    const check = (entry: string, index: number, size: number, hashes: string[]) => checkInclusion(entry, index, size, hashes, top);
    expect(await check(entries[5] as string, 5, 13, proof)).toBe('holds');
    expect(await check(entries[6] as string, 5, 13, proof)).toBe('broken');
    expect(await check(entries[5] as string, 4, 13, proof)).toBe('broken');
    expect(await check(entries[5] as string, 5, 40, proof)).toBe('broken');
    expect(await check(entries[5] as string, 5, 13, proof.slice(1))).toBe('broken');
    expect(await check(entries[5] as string, 5, 13, [...proof, proof[0] as string])).toBe('broken');
    expect(await check(entries[5] as string, 5, 13, ['xx', ...proof.slice(1)])).toBe('broken');
    expect(await check(entries[5] as string, 13, 13, proof)).toBe('broken');
  });
});
