/** Whose work stands at which address. The server decides again at each call; this keeps people from pages that would only refuse them. */
import type { Role } from '../session/roles';

const ACCESS: readonly (readonly [string, readonly Role[]])[] = [
  ['/work/assets/new', ['clerk', 'chair']],
  ['/work/assets', ['clerk', 'chair', 'township-reviewer', 'county-reviewer', 'operator', 'supervisor']],
  ['/work/drafts', ['clerk', 'chair']],
  ['/work/lots', ['clerk', 'chair', 'member']],
  ['/work/contracts', ['clerk', 'chair', 'operator', 'finance', 'supervisor']],
  ['/work/collectives/new', ['operator', 'county-reviewer']],
  ['/work/collectives', ['clerk', 'chair', 'operator', 'county-reviewer', 'supervisor']],
  ['/work/review', ['township-reviewer', 'county-reviewer', 'operator']],
  ['/work/exchange', ['operator']],
  ['/work/finance', ['finance', 'supervisor']],
  ['/work/cases', ['supervisor']],
  ['/work/alerts', ['supervisor']],
  ['/work/accounts', ['administrator']]
];

/** The roles that an address is for, the longest fitting entry first; none where anyone signed in may be there. */
export function rolesFor(path: string): readonly Role[] {
  const fits = ACCESS.filter(([start]) => path === start || path.startsWith(`${start}/`));
  return fits.reduce<readonly [string, readonly Role[]]>((best, entry) => (entry[0].length > best[0].length ? entry : best), ['', []])[1];
}
