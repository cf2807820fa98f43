/** What the file chooser needs to know of files. */

/** SHA-256 of a file as lower-case hex. The file is read whole: WebCrypto has no streaming digest, and evidence files are small. */
export async function sha256Hex(file: Blob): Promise<string> {
  const digest = await crypto.subtle.digest('SHA-256', await file.arrayBuffer());
  return [...new Uint8Array(digest)].map((byte) => byte.toString(16).padStart(2, '0')).join('');
}

export type FileFault = 'tooLarge' | 'wrongKind' | 'empty';

/** Whether a file may be taken, by the same `accept` list that the chooser shows; a dropped file has not passed the chooser. */
export function acceptable(file: Pick<File, 'name' | 'type' | 'size'>, accept: string, maxBytes: number): FileFault | null {
  if (file.size === 0) return 'empty';
  if (file.size > maxBytes) return 'tooLarge';
  const kinds = accept
    .split(',')
    .map((kind) => kind.trim().toLowerCase())
    .filter(Boolean);
  if (kinds.length === 0) return null;
  const name = file.name.toLowerCase();
  const fits = kinds.some((kind) => {
    if (kind.startsWith('.')) return name.endsWith(kind);
    return kind.endsWith('/*') ? file.type.startsWith(kind.slice(0, -1)) : file.type === kind;
  });
  return fits ? null : 'wrongKind';
}

/** `1.5 MB`: for people, one decimal at most. Sizes are not money, so a float will do. */
export function formatBytes(bytes: number): string {
  const units = ['B', 'kB', 'MB', 'GB'];
  let value = bytes;
  let unit = 0;
  while (value >= 1024 && unit < units.length - 1) {
    value /= 1024;
    unit += 1;
  }
  return `${Math.round(value * 10) / 10} ${units[unit]}`;
}
