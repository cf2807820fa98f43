/**
 * The language of the pages: Chinese unless the reader chose English. The choice is kept in this browser only.
 *
 * Reading `language.current` in markup or in an effect follows later changes.
 */
export type Lang = 'zh' | 'en';

/** A text in both languages, as the API's findings carry it. */
export interface Text {
  zh: string;
  en: string;
}

const KEY = 'sanbian.lang';

/** What `<html lang>` says for each language. */
export const TAG: Record<Lang, string> = { zh: 'zh-CN', en: 'en' };

function stored(): Lang {
  try {
    return localStorage.getItem(KEY) === 'en' ? 'en' : 'zh';
  } catch {
    return 'zh'; // No storage (private window, test): the default stands.
  }
}

class Language {
  #current = $state<Lang>(stored());

  constructor() {
    this.#mark();
  }

  get current(): Lang {
    return this.#current;
  }

  /** The language that is not shown. */
  get other(): Lang {
    return this.#current === 'zh' ? 'en' : 'zh';
  }

  /** Shows the pages in `lang` from now on, and remembers it. */
  set(lang: Lang): void {
    this.#current = lang;
    this.#mark();
    try {
      localStorage.setItem(KEY, lang);
    } catch {
      // The choice then lasts as long as the page.
    }
  }

  #mark(): void {
    if (typeof document !== 'undefined') document.documentElement.lang = TAG[this.#current];
  }
}

export const language = new Language();
