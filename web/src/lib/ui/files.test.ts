import { describe, expect, it } from 'vitest';
import { acceptable, formatBytes, sha256Hex } from './files';

describe('files', () => {
  it('are digested as every other tool does', async () => {
    expect(await sha256Hex(new Blob(['abc']))).toBe('ba7816bf8f01cfea414140de5dae2223b00361a396177a9cb410ff61f20015ad');
  });

  it('are taken by name, kind and size', () => {
    const file = { name: '会议记录.PDF', type: 'application/pdf', size: 10 };
    expect(acceptable(file, '.pdf,.jpg', 100)).toBeNull();
    expect(acceptable(file, '', 100)).toBeNull();
    expect(acceptable(file, 'image/*', 100)).toBe('wrongKind');
    expect(acceptable({ ...file, type: 'image/png' }, 'image/*', 100)).toBeNull();
    expect(acceptable(file, '.pdf', 5)).toBe('tooLarge');
    expect(acceptable({ ...file, size: 0 }, '.pdf', 5)).toBe('empty');
  });

  it('have sizes for people', () => {
    expect([formatBytes(512), formatBytes(1536), formatBytes(20 * 1024 * 1024)]).toEqual(['512 B', '1.5 kB', '20 MB']);
  });
});
