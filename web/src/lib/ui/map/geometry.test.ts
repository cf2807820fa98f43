import type { Polygon } from 'geojson';
import { describe, expect, it } from 'vitest';
import { boundsOf, degrees, drawing, graticule, middle, scaleBar, svgPath } from './geometry';

const square: Polygon = {
  type: 'Polygon',
  coordinates: [
    [
      [108.37, 31.95],
      [108.38, 31.95],
      [108.38, 31.96],
      [108.37, 31.96],
      [108.37, 31.95]
    ]
  ]
};

describe('parcels on paper', () => {
  const bounds = boundsOf([{ id: 'a', geometry: square }])!;

  it('have bounds and a middle', () => {
    expect(bounds).toEqual({ west: 108.37, east: 108.38, south: 31.95, north: 31.96 });
    expect(boundsOf([])).toBeNull();
    const [x, y] = middle(square);
    expect(x).toBeCloseTo(108.375, 9);
    expect(y).toBeCloseTo(31.955, 9);
  });

  it('fit the picture with equal scale, north up', () => {
    const on = drawing(bounds, 600, 400, 40);
    expect(on.y(31.96)).toBeCloseTo(40);
    expect(on.y(31.95)).toBeCloseTo(360);
    // A hundredth of a degree east is shorter than one north by the cosine of the latitude.
    expect((on.x(108.38) - on.x(108.37)) / 320).toBeCloseTo(Math.cos((31.955 * Math.PI) / 180), 6);
    expect(on.metresPerPixel * 320).toBeCloseTo(1112, 0);
    expect(svgPath(square, on)).toMatch(/^M[\d. L]+Z$/);
  });

  it('give a point some ground around it', () => {
    const on = drawing({ west: 108, east: 108, south: 32, north: 32 }, 600, 400, 40);
    expect(Number.isFinite(on.x(108))).toBe(true);
    expect(on.metresPerPixel * 320).toBeCloseTo(20, 0);
  });

  it('lie in a graticule on round seconds', () => {
    const lines = graticule(108.3701, 108.3799, 4);
    expect(lines.map((line) => line.at * 3600).every((s) => Math.abs(s / 10 - Math.round(s / 10)) < 1e-6)).toBe(true);
    expect(lines.length).toBeGreaterThanOrEqual(3);
    expect(lines.length).toBeLessThanOrEqual(5);
  });

  it('carry degrees, minutes and seconds, carried over', () => {
    expect(degrees(108.375, 'lon')).toBe('108°22′30″E');
    expect(degrees(31.99999, 'lat')).toBe('32°00′00″N');
    expect(degrees(31.5 + 0.05 / 3600, 'lat', 0.1)).toBe('31°30′00.1″N');
  });

  it('have a round scale bar', () => {
    expect(scaleBar(3.475, 100)).toMatchObject({ metres: 200, label: '200 m' });
    expect(scaleBar(30, 100)).toMatchObject({ metres: 2000, label: '2 km' });
  });
});
