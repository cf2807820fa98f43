/** Addresses with parameters, of which empty ones are left out. */
export function query(path: string, params: Record<string, string | number | null | undefined>): string {
  const search = new URLSearchParams();
  for (const [name, value] of Object.entries(params)) if (value !== null && value !== undefined && value !== '') search.set(name, String(value));
  const text = search.toString();
  return text ? `${path}?${text}` : path;
}

/** A part of a path. */
export const part = (text: string): string => encodeURIComponent(text);
