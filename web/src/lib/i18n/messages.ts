/**
 * Typed message catalogues. Each area of the pages has its own file in `catalogue/`, so that a page loads the words it shows
 * and no others. A key that does not exist, or a `{placeholder}` left unfilled, does not compile.
 */
import { language, type Lang, type Text } from './language.svelte';

export type Catalogue = Record<string, Text>;

/** The names of the `{placeholders}` in a text. */
type Names<S extends string> = S extends `${string}{${infer Name}}${infer Rest}` ? Name | Names<Rest> : never;

type Fill<S extends string> = [Names<S>] extends [never] ? [] : [fill: Record<Names<S>, string | number>];

export interface Translate<C extends Catalogue> {
  /** The message `key` in the language shown. */
  <K extends keyof C & string>(key: K, ...fill: Fill<C[K]['zh']>): string;
  /** The catalogue itself, for tests and for keys that come from data (see `has`). */
  readonly catalogue: C;
  /** Whether a key from outside, such as a state named by the API, has a message here. */
  has(key: string): key is keyof C & string;
}

/** Puts values into the `{placeholders}` of a text. */
export function fillIn(text: string, fill: Record<string, string | number>): string {
  return text.replace(/\{([a-zA-Z]+)\}/g, (whole, name: string) => (name in fill ? String(fill[name]) : whole));
}

/** Makes the translator of one catalogue. */
export function messages<const C extends Catalogue>(catalogue: C): Translate<C> {
  const translate = (key: string, fill?: Record<string, string | number>): string => {
    const entry = catalogue[key] as Text;
    const text = entry[language.current];
    return fill ? fillIn(text, fill) : text;
  };
  return Object.assign(translate, {
    catalogue,
    has: (key: string): key is keyof C & string => Object.hasOwn(catalogue, key)
  }) as Translate<C>;
}

/** A text of the API in the language shown; in the other one where it is missing. */
export function pick(text: Text, lang: Lang = language.current): string {
  return text[lang] || text[lang === 'zh' ? 'en' : 'zh'];
}
