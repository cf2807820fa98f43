/**
 * An outline as surveyors hand it over: a GeoJSON file or text, in longitude and latitude of CGCS2000. What is none, or lies elsewhere than in
 * China, is said here at once; whether it is a sound outline, and its area, is measured by the server.
 */
import type { GeoJSON, Position } from 'geojson';
import type { Surface } from './registry';

export type OutlineFault = 'empty' | 'not-json' | 'no-surface' | 'projected' | 'swapped' | 'elsewhere';
export type ReadOutline = { geometry: Surface; parts: number } | { fault: OutlineFault };

function polygons(of: GeoJSON | null | undefined): Position[][][] {
  switch (of?.type) {
    case 'FeatureCollection':
      return of.features.flatMap(polygons);
    case 'Feature':
      return polygons(of.geometry);
    case 'GeometryCollection':
      return of.geometries.flatMap(polygons);
    case 'Polygon':
      return [of.coordinates];
    case 'MultiPolygon':
      return of.coordinates;
    default:
      return [];
  }
}

const isPosition = (value: unknown): value is Position =>
  Array.isArray(value) && value.length >= 2 && value.slice(0, 2).every((one) => typeof one === 'number' && Number.isFinite(one));

/** A ring in two dimensions that ends where it began; null where it is none. */
function ring(of: unknown): Position[] | null {
  if (!Array.isArray(of) || of.length < 3 || !of.every(isPosition)) return null;
  const flat = of.map(([x, y]) => [x as number, y as number]);
  const [first, last] = [flat[0] as Position, flat.at(-1) as Position];
  return first[0] === last[0] && first[1] === last[1] ? flat : [...flat, [...first]];
}

/** Longitudes and latitudes of China, generously. */
const inChina = ([x = 0, y = 0]: Position): boolean => x >= 73 && x <= 136 && y >= 3 && y <= 54;

export function readOutline(text: string): ReadOutline {
  if (text.trim() === '') return { fault: 'empty' };
  let parsed: GeoJSON;
  try {
    parsed = JSON.parse(text) as GeoJSON;
  } catch {
    return { fault: 'not-json' };
  }
  if (typeof parsed !== 'object' || parsed === null) return { fault: 'no-surface' };
  let found: unknown[];
  try {
    found = polygons(parsed);
  } catch {
    return { fault: 'no-surface' };
  }
  const surfaces: Position[][][] = [];
  for (const surface of found) {
    const rings = Array.isArray(surface) ? surface.map(ring) : [];
    if (rings.length === 0 || rings.includes(null)) return { fault: 'no-surface' };
    surfaces.push(rings as Position[][]);
  }
  const [first] = surfaces;
  if (!first) return { fault: 'no-surface' };
  const corners = surfaces.flat(2);
  if (corners.some(([x = 0, y = 0]) => Math.abs(x) > 180 || Math.abs(y) > 180)) return { fault: 'projected' };
  if (!corners.every(inChina)) return { fault: corners.every(([x = 0, y = 0]) => inChina([y, x])) ? 'swapped' : 'elsewhere' };
  const geometry: Surface = surfaces.length === 1 ? { type: 'Polygon', coordinates: first } : { type: 'MultiPolygon', coordinates: surfaces };
  return { geometry, parts: surfaces.length };
}
