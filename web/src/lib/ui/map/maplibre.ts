/**
 * The zoomable map: MapLibre GL over a plain ground, with the parcels and a graticule. Fetched only when a person opens it.
 */
import { Map, Marker, NavigationControl, ScaleControl, setWorkerUrl, type StyleSpecification } from 'maplibre-gl';
import workerUrl from 'maplibre-gl/dist/maplibre-gl-worker.mjs?worker&url';
import 'maplibre-gl/dist/maplibre-gl.css';
import { figures as t } from '../../i18n/catalogue/figures';
import type { Feature, FeatureCollection } from 'geojson';
import { degrees, graticule, middle, type Bounds, type Parcel } from './geometry';

setWorkerUrl(workerUrl);

/** Tokens resolved for WebGL, which knows no custom properties. */
function colour(name: string): string {
  return getComputedStyle(document.documentElement).getPropertyValue(name).trim();
}

function collection(features: Feature[]): FeatureCollection {
  return { type: 'FeatureCollection', features };
}

function shapes(parcels: readonly Parcel[]): FeatureCollection {
  return collection(
    parcels.map((parcel) => ({ type: 'Feature', properties: { tone: parcel.tone ?? 'main' }, geometry: parcel.geometry }))
  );
}

/** Graticule lines over the view. */
function lines(view: Bounds): FeatureCollection {
  const line = (coordinates: [number, number][]): Feature => ({ type: 'Feature', properties: {}, geometry: { type: 'LineString', coordinates } });
  return collection([
    ...graticule(view.west, view.east, 4).map(({ at }) =>
      line([
        [at, view.south],
        [at, view.north]
      ])
    ),
    ...graticule(view.south, view.north, 3).map(({ at }) =>
      line([
        [view.west, at],
        [view.east, at]
      ])
    )
  ]);
}

function style(parcels: readonly Parcel[], bounds: Bounds): StyleSpecification {
  const main = ['==', ['get', 'tone'], 'main'] as const;
  const byTone = (mine: string, theirs: string) => ['case', main, mine, theirs] as never;
  return {
    version: 8,
    sources: {
      graticule: { type: 'geojson', data: lines(bounds) },
      parcels: { type: 'geojson', data: shapes(parcels) }
    },
    layers: [
      { id: 'ground', type: 'background', paint: { 'background-color': colour('--paper') } },
      { id: 'graticule', type: 'line', source: 'graticule', paint: { 'line-color': colour('--line'), 'line-dasharray': [3, 4] } },
      {
        id: 'fill',
        type: 'fill',
        source: 'parcels',
        paint: { 'fill-color': byTone(colour('--accent'), colour('--idle')), 'fill-opacity': ['case', main, 0.22, 0.1] as never }
      },
      {
        id: 'outline',
        type: 'line',
        source: 'parcels',
        paint: { 'line-color': byTone(colour('--accent'), colour('--line-strong')), 'line-width': ['case', main, 2.5, 1.5] as never }
      }
    ]
  };
}

/** A label on the map. Labels are HTML: text in WebGL would need a font server. */
function label(text: string, className: string): HTMLElement {
  const element = document.createElement('span');
  element.className = className;
  element.textContent = text;
  element.style.cssText =
    className === 'parcel-name'
      ? 'font-weight:650;color:var(--ink);text-shadow:0 0 3px var(--paper),0 0 3px var(--paper)'
      : 'font-size:11px;color:var(--ink-2);pointer-events:none';
  return element;
}

/** Shows the map in `box` and gives the way to take it down. Rejects where the device has no WebGL. */
export async function showMap(box: HTMLElement, parcels: readonly Parcel[], bounds: Bounds): Promise<() => void> {
  const around: [[number, number], [number, number]] = [
    [bounds.west, bounds.south],
    [bounds.east, bounds.north]
  ];
  const map = new Map({
    container: box,
    style: style(parcels, bounds),
    bounds: around,
    fitBoundsOptions: { padding: 48, maxZoom: 19 },
    attributionControl: false,
    // One finger scrolls the page, two move the map: the map never traps a phone.
    cooperativeGestures: true,
    dragRotate: false,
    pitchWithRotate: false,
    maxZoom: 21,
    locale: {
      'NavigationControl.ZoomIn': t('zoomIn'),
      'NavigationControl.ZoomOut': t('zoomOut'),
      'CooperativeGesturesHandler.WindowsHelpText': t('zoomWheel', { key: 'Ctrl' }),
      'CooperativeGesturesHandler.MacHelpText': t('zoomWheel', { key: '⌘' }),
      'CooperativeGesturesHandler.MobileHelpText': t('twoFingers'),
      'Map.Title': t('map')
    }
  });
  map.addControl(new NavigationControl({ showCompass: false }), 'top-right');
  map.addControl(new ScaleControl({ unit: 'metric' }), 'bottom-right');
  for (const parcel of parcels) {
    if (!parcel.label) continue;
    const [x = 0, y = 0] = middle(parcel.geometry);
    new Marker({ element: label(parcel.label, 'parcel-name') }).setLngLat([x, y]).addTo(map);
  }

  let edge: Marker[] = [];
  const draw = (): void => {
    const view = map.getBounds();
    const now: Bounds = { west: view.getWest(), east: view.getEast(), south: view.getSouth(), north: view.getNorth() };
    (map.getSource('graticule') as unknown as { setData(data: FeatureCollection): void } | undefined)?.setData(lines(now));
    for (const marker of edge) marker.remove();
    // The last quarter of the lower edge belongs to the scale.
    const room = now.west + (now.east - now.west) * 0.7;
    edge = [
      ...graticule(now.west, now.east, 4).filter(({ at }) => at < room).map(({ at, step }) =>
        new Marker({ element: label(degrees(at, 'lon', step), 'graticule'), anchor: 'bottom-left' }).setLngLat([at, now.south])
      ),
      ...graticule(now.south, now.north, 3).map(({ at, step }) =>
        new Marker({ element: label(degrees(at, 'lat', step), 'graticule'), anchor: 'bottom-left' }).setLngLat([now.west, at])
      )
    ].map((marker) => marker.addTo(map));
  };
  await new Promise<void>((done, fail) => {
    map.once('load', () => done());
    map.once('error', ({ error }) => fail(error));
  }).catch((error: unknown) => {
    map.remove();
    throw error;
  });
  draw();
  map.on('moveend', draw);
  return () => map.remove();
}
