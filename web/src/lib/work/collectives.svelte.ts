/** The collectives that the signed-in person works for: those in the regions of their clerk's and chair's grants. */
import { resource, type Resource } from '../api/resource.svelte';
import { session } from '../session/session.svelte';
import type { Role } from '../session/roles';
import { regionsOf } from './regions';
import { listCollectives, type Collective } from './registry';

/** Many more than one person works for. */
const MOST = 100;

/** Call it while a component is made. */
export function myCollectives(roles: readonly Role[] = ['clerk', 'chair']): Resource<Collective[]> {
  return resource(async (signal) => {
    const regions = regionsOf(session.account?.grants ?? [], roles);
    const pages = await Promise.all(regions.map((region) => listCollectives({ region, limit: MOST }, signal)));
    const all = new Map(pages.flatMap((page) => page.items).map((one) => [one.id, one]));
    return [...all.values()].sort((a, b) => (a.region === b.region ? 0 : a.region < b.region ? -1 : 1));
  });
}
