/** Short messages after an act. An error stays until it is dismissed; the rest go by themselves. */
export interface Toast {
  id: number;
  tone: 'good' | 'info' | 'bad';
  text: string;
}

/** Long enough to read a sentence twice. */
const STAY_MS = 6_000;

class Toasts {
  #list = $state<Toast[]>([]);
  #next = 1;

  get list(): readonly Toast[] {
    return this.#list;
  }

  show(text: string, tone: Toast['tone'] = 'good'): void {
    const id = this.#next;
    this.#next += 1;
    this.#list.push({ id, tone, text });
    if (tone !== 'bad') setTimeout(() => this.dismiss(id), STAY_MS);
  }

  dismiss(id: number): void {
    this.#list = this.#list.filter((toast) => toast.id !== id);
  }
}

export const toasts = new Toasts();
