/** Draws a chart with uPlot, in the page's colours and in Beijing time. Fetched only where a chart stands. */
import uPlot from 'uplot';
import 'uplot/dist/uPlot.min.css';
import { shortYuan } from '../format/money';
import type { Lang } from '../i18n';

export interface ChartSpec {
  /** Seconds since 1970, then one row of yuan a series. */
  data: (number | null)[][];
  series: readonly { label: string; steps?: boolean }[];
  width: number;
  height: number;
  lang: Lang;
}

const COLOURS = ['--accent', '--info', '--warn', '--ink-2'];
const DASHES = [[], [7, 4], [2, 3], [10, 3, 2, 3]];

function colour(name: string): string {
  return getComputedStyle(document.documentElement).getPropertyValue(name).trim();
}

/** The axis's dates in the two languages, as uPlot writes them. */
function dates(lang: Lang): uPlot.Axis['values'] {
  const day = lang === 'zh' ? '{M}月{D}日' : '{D} {MMM}';
  const month = lang === 'zh' ? '{YYYY}年{M}月' : '{MMM} {YYYY}';
  const year = lang === 'zh' ? '{YYYY}年' : '{YYYY}';
  const [m, h, d] = [60, 3600, 86_400];
  return [
    // Step, its format; then what else is said where the year, day or minute begins. The last number: 1 puts it on a line below.
    [365 * d, year, null, null, null, null, null, null, 1],
    [28 * d, month, null, null, null, null, null, null, 1],
    [d, day, `\n${year}`, null, null, null, null, null, 1],
    [h, '{HH}:{mm}', `\n${day}`, null, `\n${day}`, null, null, null, 1],
    [m, '{HH}:{mm}', `\n${day}`, null, `\n${day}`, null, null, null, 1],
    [1, '{HH}:{mm}:{ss}', `\n${day}`, null, `\n${day}`, null, null, null, 1]
  ];
}

export function drawChart(box: HTMLElement, spec: ChartSpec): { destroy(): void } {
  const font = `12px ${getComputedStyle(document.body).fontFamily}`;
  const ink = colour('--ink-2');
  const grid = { stroke: colour('--line'), width: 1 };
  const axis = { stroke: ink, font, grid, ticks: grid };
  const stepped = uPlot.paths.stepped?.({ align: 1 });
  return new uPlot(
    {
      width: spec.width,
      height: spec.height,
      tzDate: (seconds) => uPlot.tzDate(new Date(seconds * 1000), 'Asia/Shanghai'),
      legend: { show: false },
      cursor: { show: false },
      axes: [
        { ...axis, values: dates(spec.lang), space: 72 },
        {
          ...axis,
          size: spec.lang === 'zh' ? 84 : 72,
          // Ticks are round yuan or tenths of them; in whole fen they are exact again.
          values: (_, ticks) => ticks.map((yuan) => shortYuan(Math.round(yuan * 100), spec.lang))
        }
      ],
      scales: { y: { range: (_, min, max) => uPlot.rangeNum(min, max, 0.15, true) } },
      series: [
        {},
        ...spec.series.map(({ label, steps }, index) => ({
          label,
          width: 2,
          stroke: colour(COLOURS[index % COLOURS.length] ?? '--accent'),
          points: { fill: colour('--paper') },
          dash: DASHES[index % DASHES.length],
          ...(steps && stepped ? { paths: stepped } : {})
        }))
      ]
    },
    spec.data as uPlot.AlignedData,
    box
  );
}
