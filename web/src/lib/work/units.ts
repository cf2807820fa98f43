/** Units that quantities are counted in: the areas by code, the rest by their Chinese measure words. */
import { terms } from '../i18n/catalogue/terms';

const CODES = ['mu', 'square-metre', 'hectare', 'cubic-metre', 'cubic-metre-year'] as const;
const WORDS = ['间', '栋', '处', '宗', '座', '口', '台', '套', '辆', '艘', '个', '头', '棵', '项', '股'] as const;

/** Choices for a select; a unit that is none of them is kept as it stands. */
export function unitOptions(current = '', withMu = true): { value: string; label: string }[] {
  const options = [
    ...CODES.filter((code) => withMu || code !== 'mu').map((code) => ({ value: code as string, label: terms(code) })),
    ...WORDS.map((word) => ({ value: word as string, label: word as string }))
  ];
  return current && !options.some(({ value }) => value === current) ? [...options, { value: current, label: current }] : options;
}

/** The choices of a catalogue of codes, in its order. */
export function codeOptions(names: { catalogue: Record<string, unknown> } & ((key: never) => string), current = ''): { value: string; label: string }[] {
  const options = Object.keys(names.catalogue).map((value) => ({ value, label: names(value as never) }));
  return current && !options.some(({ value }) => value === current) ? [...options, { value: current, label: current }] : options;
}
