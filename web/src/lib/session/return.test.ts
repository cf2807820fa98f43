import { describe, expect, it } from 'vitest';
import { innerPath } from './return';

describe('where to go after signing in', () => {
  it('is within these pages', () => {
    expect(innerPath('/market/7?tab=map')).toBe('/market/7?tab=map');
  });

  it.each([null, '', 'market', '//evil.example', '/\\evil.example', 'https://evil.example', 'javascript:alert(1)', '/\t/evil.example'])(
    '%s is not followed',
    (to) => {
      expect(innerPath(to)).toBeNull();
    }
  );
});
