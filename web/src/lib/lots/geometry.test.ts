import { describe, expect, it } from 'vitest';
import { parcelsOf } from './geometry';

const polygon = { type: 'Polygon', coordinates: [[[108, 31], [108.1, 31], [108.1, 31.1], [108, 31]]] };

describe('the outline of a lot', () => {
  it('is found in whatever holds it', () => {
    const collection = { type: 'FeatureCollection', features: [{ type: 'Feature', properties: { name: '二组' }, geometry: polygon }, { type: 'Feature', properties: null, geometry: null }] };
    expect(parcelsOf(JSON.stringify(polygon))).toEqual([{ id: '0', geometry: polygon, label: undefined }]);
    expect(parcelsOf(JSON.stringify(collection)).map((one) => one.label)).toEqual(['二组']);
    expect(parcelsOf(JSON.stringify({ type: 'GeometryCollection', geometries: [polygon, polygon] })).map((one) => one.label)).toEqual(['1', '2']);
  });

  it('is none where there is none', () => {
    for (const text of [null, '', '{', 'null', '{"type":"Point","coordinates":[1,2]}']) expect(parcelsOf(text)).toEqual([]);
  });
});
