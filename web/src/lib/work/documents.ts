/** Opening evidence files. They are read with the session's token, so a plain link can't lead to them. */
import { toastFailure } from '../ui/failure';
import { readDocument } from './listing';

/** Hands a file to the browser to keep. */
export function download(content: Blob, name: string): void {
  const url = URL.createObjectURL(content);
  const link = document.createElement('a');
  link.href = url;
  link.download = name;
  link.click();
  // Not at once: some browsers read the file after the click has returned.
  setTimeout(() => URL.revokeObjectURL(url), 60_000);
}

/** What a browser may show by itself, in a window of this origin: never what could run. */
const SHOWN = new Set(['application/pdf', 'image/jpeg', 'image/png', 'text/plain']);

/** Shows a file of a lot in a window of its own, or keeps it where the browser can't show its kind. */
export async function openDocument(lotId: string, file: { digest: string; name: string }): Promise<void> {
  // Opened before the answer came: afterwards the browser takes it for an advertisement.
  const shown = window.open('', '_blank');
  try {
    const content = await readDocument(lotId, file.digest);
    const kind = content.type.split(';')[0] ?? '';
    if (shown && SHOWN.has(kind)) {
      const url = URL.createObjectURL(content);
      shown.location.href = url;
      setTimeout(() => URL.revokeObjectURL(url), 60_000);
      return;
    }
    shown?.close();
    download(content, file.name);
  } catch (error) {
    shown?.close();
    toastFailure(error);
  }
}
