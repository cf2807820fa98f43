/** The rules of a rulebook, from its canonical JSON. */
export interface ReadRule {
  name: string;
  zh: string;
  en: string;
  basis: string;
}

export function rulesOf(text: string): ReadRule[] {
  try {
    const { rules } = JSON.parse(text) as { rules?: Record<string, Partial<ReadRule>> };
    return Object.entries(rules ?? {}).map(([name, rule]) => ({ name, zh: rule.zh ?? name, en: rule.en ?? name, basis: rule.basis ?? '' }));
  } catch {
    return [];
  }
}
