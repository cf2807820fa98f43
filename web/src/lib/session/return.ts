/**
 * Where to go after signing in, from an address that anyone may have written: a path within these pages, or null.
 * Never another site, which `//host`, `/\host` and schemes would be.
 */
export function innerPath(to: string | null): string | null {
  if (!to || !/^\/(?![/\\])/.test(to)) return null;
  const url = new URL(to, 'http://here.invalid');
  return url.host === 'here.invalid' ? url.pathname + url.search : null;
}
