import { describe, expect, it } from 'vitest';
import { WORK } from '../session/navigation';
import { ROLES } from '../session/roles';
import { rolesFor } from './access';

describe('the offices', () => {
  it('let everyone in whose menu leads there', () => {
    const links = ROLES.flatMap((role) => WORK[role].filter(({ href }) => href.startsWith('/work')).map(({ href }) => ({ role, href })));
    expect(links.length).toBeGreaterThan(10);
    for (const { role, href } of links) expect(rolesFor(href), href).toContain(role);
  });

  it('are known to the longest address', () => {
    expect(rolesFor('/work/collectives/new')).not.toContain('clerk');
    expect(rolesFor('/work/collectives/0197')).toContain('clerk');
    expect(rolesFor('/work/financeless')).toEqual([]);
    expect(rolesFor('/work')).toEqual([]);
  });
});
