/** The outline of a lot's parcels, from the GeoJSON text of the API. */
import type { Geometry, GeoJSON, MultiPolygon, Polygon } from 'geojson';
import type { Parcel } from '../ui/map/geometry';

type Surface = Polygon | MultiPolygon;

function surfaces(of: GeoJSON | null): { geometry: Surface; name?: string }[] {
  if (!of) return [];
  switch (of.type) {
    case 'FeatureCollection':
      return of.features.flatMap(surfaces);
    case 'Feature': {
      const name: unknown = of.properties?.name;
      return surfaces(of.geometry as Geometry | null).map((one) => (typeof name === 'string' ? { ...one, name } : one));
    }
    case 'GeometryCollection':
      return of.geometries.flatMap(surfaces);
    case 'Polygon':
    case 'MultiPolygon':
      return [{ geometry: of }];
    default:
      return [];
  }
}

/** The parcels to draw; none where there is no geometry, or none that can be drawn. */
export function parcelsOf(geojson: string | null | undefined): Parcel[] {
  if (!geojson) return [];
  try {
    const found = surfaces(JSON.parse(geojson) as GeoJSON);
    return found.map(({ geometry, name }, index) => ({ id: String(index), geometry, label: name ?? (found.length > 1 ? String(index + 1) : undefined) }));
  } catch {
    return [];
  }
}
