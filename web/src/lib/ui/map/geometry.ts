/**
 * The drawing of parcels without a map behind them: coordinates are CGCS2000 longitude and latitude in degrees, as the API's GeoJSON has them.
 * Floats are right here: this draws pictures. Areas of law come from the server.
 */
import type { MultiPolygon, Polygon, Position } from 'geojson';

/** A parcel to draw. */
export interface Parcel {
  id: string;
  /** Shown in the middle. */
  label?: string;
  geometry: Polygon | MultiPolygon;
  /** `main` is what the page is about, `other` lies beside it. */
  tone?: 'main' | 'other';
}

export interface Bounds {
  west: number;
  south: number;
  east: number;
  north: number;
}

/** All rings of a geometry: the outer one of each polygon, and its holes. */
export function rings(geometry: Polygon | MultiPolygon): Position[][] {
  return geometry.type === 'Polygon' ? geometry.coordinates : geometry.coordinates.flat();
}

/** Outer rings alone. */
export function outlines(geometry: Polygon | MultiPolygon): Position[][] {
  const polygons = geometry.type === 'Polygon' ? [geometry.coordinates] : geometry.coordinates;
  return polygons.flatMap((polygon) => (polygon[0] ? [polygon[0]] : []));
}

const lon = (position: Position): number => position[0] ?? 0;
const lat = (position: Position): number => position[1] ?? 0;

/** The box around all parcels; null where there is nothing to draw. */
export function boundsOf(parcels: readonly Parcel[]): Bounds | null {
  const all = parcels.flatMap((parcel) => rings(parcel.geometry).flat());
  if (all.length === 0) return null;
  const lons = all.map(lon);
  const lats = all.map(lat);
  return { west: Math.min(...lons), east: Math.max(...lons), south: Math.min(...lats), north: Math.max(...lats) };
}

/** Metres in a degree of latitude; good to half a per cent, enough for a scale bar. */
const METRES_PER_DEGREE = 111_195;

/** A flat drawing: degrees to pixels with equal scale both ways, north up. */
export interface Drawing {
  width: number;
  height: number;
  /** The degrees that the whole picture covers. */
  view: Bounds;
  metresPerPixel: number;
  x(longitude: number): number;
  y(latitude: number): number;
}

/** Fits `bounds` into a picture, leaving `margin` pixels around. */
export function drawing(bounds: Bounds, width: number, height: number, margin: number): Drawing {
  const middleLat = (bounds.south + bounds.north) / 2;
  const middleLon = (bounds.west + bounds.east) / 2;
  const squeeze = Math.cos((middleLat * Math.PI) / 180);
  // A parcel of no extent, such as a well, still gets some ground around it: 20 m.
  const least = 20 / METRES_PER_DEGREE;
  const spanX = Math.max((bounds.east - bounds.west) * squeeze, least);
  const spanY = Math.max(bounds.north - bounds.south, least);
  const degreesPerPixel = Math.max(spanX / (width - 2 * margin), spanY / (height - 2 * margin));
  return {
    width,
    height,
    metresPerPixel: degreesPerPixel * METRES_PER_DEGREE,
    view: {
      west: middleLon - (width / 2) * (degreesPerPixel / squeeze),
      east: middleLon + (width / 2) * (degreesPerPixel / squeeze),
      south: middleLat - (height / 2) * degreesPerPixel,
      north: middleLat + (height / 2) * degreesPerPixel
    },
    x: (longitude) => width / 2 + ((longitude - middleLon) * squeeze) / degreesPerPixel,
    y: (latitude) => height / 2 - (latitude - middleLat) / degreesPerPixel
  };
}

/** The path of a geometry, holes and all, for `fill-rule="evenodd"`. */
export function svgPath(geometry: Polygon | MultiPolygon, on: Drawing): string {
  const point = (position: Position): string => `${on.x(lon(position)).toFixed(1)} ${on.y(lat(position)).toFixed(1)}`;
  return rings(geometry)
    .map((ring) => `M${ring.map(point).join('L')}Z`)
    .join('');
}

/** Where a label goes: the centre of gravity of the first outline. */
export function middle(geometry: Polygon | MultiPolygon): Position {
  const ring = outlines(geometry)[0] ?? [];
  const origin = ring[0] ?? [0, 0];
  let [area, x, y] = [0, 0, 0];
  for (let i = 0; i + 1 < ring.length; i += 1) {
    const [a, b] = [ring[i] as Position, ring[i + 1] as Position];
    // Around the first corner, so that large coordinates do not eat the precision.
    const [ax, ay, bx, by] = [lon(a) - lon(origin), lat(a) - lat(origin), lon(b) - lon(origin), lat(b) - lat(origin)];
    const cross = ax * by - bx * ay;
    area += cross;
    x += (ax + bx) * cross;
    y += (ay + by) * cross;
  }
  return area === 0 ? origin : [lon(origin) + x / (3 * area), lat(origin) + y / (3 * area)];
}

const SECOND = 1 / 3600;
/** Round steps of a graticule, in seconds of arc. */
const STEPS = [0.1, 0.2, 0.5, 1, 2, 5, 10, 15, 30, 60, 120, 300, 600, 900, 1800, 3600, 7200, 18_000];

/** The lines of a graticule between two degrees: about `wanted` of them, on round seconds. */
export function graticule(from: number, to: number, wanted: number): { at: number; step: number }[] {
  const ideal = (to - from) / SECOND / wanted;
  const step = STEPS.find((candidate) => candidate >= ideal) ?? 36_000;
  const lines = [];
  for (let n = Math.ceil(from / SECOND / step); n * step * SECOND <= to; n += 1) lines.push({ at: n * step * SECOND, step });
  return lines;
}

/** `108°22′14″E`; tenths of seconds only where the step needs them. */
export function degrees(value: number, axis: 'lon' | 'lat', step = 1): string {
  const letter = axis === 'lon' ? (value < 0 ? 'W' : 'E') : value < 0 ? 'S' : 'N';
  const places = step < 1 ? 1 : 0;
  const total = Math.round(Math.abs(value) * 3600 * 10 ** places);
  const perMinute = 60 * 10 ** places;
  const d = Math.floor(total / (60 * perMinute));
  const m = Math.floor(total / perMinute) % 60;
  const s = (total % perMinute) / 10 ** places;
  const two = (n: number, p = 0): string => n.toFixed(p).padStart(p ? 3 + p : 2, '0');
  return `${d}°${two(m)}′${two(s, places)}″${letter}`;
}

/** A round length that takes at most `pixels` of a scale bar. */
export function scaleBar(metresPerPixel: number, pixels: number): { metres: number; pixels: number; label: string } {
  const most = metresPerPixel * pixels;
  const power = 10 ** Math.floor(Math.log10(most));
  const metres = [5, 2, 1].map((n) => n * power).find((n) => n <= most) ?? power;
  return { metres, pixels: metres / metresPerPixel, label: metres >= 1000 ? `${metres / 1000} km` : `${metres} m` };
}
