import { describe, expect, it } from 'vitest';
import { readOutline } from './geojson';

const RING = [
  [108.37, 31.95],
  [108.38, 31.95],
  [108.38, 31.96],
  [108.37, 31.95]
];
const polygon = { type: 'Polygon', coordinates: [RING] };
const read = (value: unknown) => readOutline(JSON.stringify(value));

describe('an outline', () => {
  it('may be a geometry, a feature or a collection', () => {
    expect(read(polygon)).toEqual({ geometry: polygon, parts: 1 });
    expect(read({ type: 'Feature', properties: { name: '地块' }, geometry: polygon })).toEqual({ geometry: polygon, parts: 1 });
    const two = read({ type: 'FeatureCollection', features: [0, 1].map(() => ({ type: 'Feature', properties: null, geometry: polygon })) });
    expect(two).toEqual({ geometry: { type: 'MultiPolygon', coordinates: [[RING], [RING]] }, parts: 2 });
    expect(read({ type: 'GeometryCollection', geometries: [{ type: 'Point', coordinates: [108, 32] }, polygon] })).toEqual({ geometry: polygon, parts: 1 });
  });

  it('is closed, and loses its heights', () => {
    const open = { type: 'Polygon', coordinates: [RING.slice(0, 3).map(([x, y]) => [x, y, 512.5])] };
    expect(read(open)).toEqual({ geometry: polygon, parts: 1 });
  });

  it('says what it is not', () => {
    const moved = (to: (x: number, y: number) => number[]) => read({ type: 'Polygon', coordinates: [RING.map(([x = 0, y = 0]) => to(x, y))] });
    expect([
      readOutline('  '),
      readOutline('{"type":'),
      readOutline('null'),
      read({ type: 'LineString', coordinates: RING }),
      read({ type: 'Polygon', coordinates: [] }),
      read({ type: 'Polygon', coordinates: [[['a', 'b']]] }),
      read({ type: 'Polygon', coordinates: 7 }),
      read({ type: 'FeatureCollection' }),
      moved((x, y) => [x * 333_333, y * 100_000]),
      moved((x, y) => [y, x]),
      moved((x, y) => [x - 100, y])
    ]).toEqual(
      ['empty', 'not-json', 'no-surface', 'no-surface', 'no-surface', 'no-surface', 'no-surface', 'no-surface', 'projected', 'swapped', 'elsewhere'].map(
        (fault) => ({ fault })
      )
    );
  });
});
