import { messages } from '../messages';

/** Maps and charts. */
export const figures = messages({
  map: { zh: '地块图', en: 'Parcel map' },
  mapOf: { zh: '地块示意图：{labels}', en: 'Outline of the parcels: {labels}' },
  interactive: { zh: '打开可缩放地图', en: 'Open the zoomable map' },
  mapFailed: { zh: '此设备无法显示可缩放地图，示意图仍然准确。', en: 'This device can’t show the zoomable map; the outline is exact all the same.' },
  zoomIn: { zh: '放大', en: 'Zoom in' },
  zoomOut: { zh: '缩小', en: 'Zoom out' },
  zoomWheel: { zh: '按住 {key} 滚动可缩放地图', en: 'Hold {key} and scroll to zoom the map' },
  twoFingers: { zh: '请用两根手指移动地图', en: 'Use two fingers to move the map' },
  corners: { zh: '界址点坐标（CGCS2000 经纬度）', en: 'Corner coordinates (CGCS2000, degrees)' },
  corner: { zh: '点号', en: 'Point' },
  longitude: { zh: '经度', en: 'Longitude' },
  latitude: { zh: '纬度', en: 'Latitude' },
  north: { zh: '北', en: 'N' },
  noGeometry: { zh: '没有地块坐标', en: 'No coordinates' },
  noGeometryDetail: { zh: '此资产不是地块，或尚未录入坐标。', en: 'This asset is not a parcel, or its coordinates have not been entered.' },
  table: { zh: '以表格查看数据', en: 'Show the data as a table' },
  time: { zh: '时间', en: 'Time' },
  noData: { zh: '没有数据', en: 'No data' },
  chartOf: { zh: '图：{title}，共 {n} 个数据点。数据见下方表格。', en: 'Chart: {title}, {n} points. The table below has the data.' }
});
