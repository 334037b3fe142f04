import type { EChartsOption } from 'echarts'
import { drawable } from './glyphs.ts'
import { edge, type Layout, width as layoutWidth, plotHeight, side } from './layout.ts'
import { colours, ground, ink } from './palette.ts'
import type { ReadablePanel } from './readable-panel.ts'

export const fontFamily = 'Inter'

/** The panels one below the other over one time axis. */
export function chartOption(
  title: string,
  panels: readonly ReadablePanel[],
  range: { readonly from: Date; readonly to: Date },
  layout: Layout,
): EChartsOption {
  const colourOf = colouring(panels)
  const labelled = panels.length - 1
  return {
    animation: false,
    useUTC: true,
    backgroundColor: ground,
    textStyle: { fontFamily },
    title: [
      heading(drawable(title), edge, 18, { fontSize: 20, fontWeight: 600, color: ink.strong }),
      { ...heading(`${span(range)} UTC`, 'auto', 22, { fontSize: 14, color: ink.faint }), right: side.right },
      ...panels.map((panel, index) => panelHeading(panel, layout.panels[index]!.top)),
      ...panels.flatMap((panel, index) => (panel.lines.length === 0 ? [emptyNote(layout.panels[index]!.plotTop)] : [])),
    ],
    legend: panels.flatMap((panel, index) => (panel.lines.length > 1 ? [legend(panel, index, layout.panels[index]!)] : [])),
    grid: panels.map((_, index) => ({ ...side, top: layout.panels[index]!.plotTop, height: plotHeight })),
    xAxis: panels.map((_, index) => timeAxis(index, range, index === labelled)),
    yAxis: panels.map((panel, index) => valueAxis(panel, index)),
    series: panels.flatMap((panel, index) =>
      panel.lines.map((line, position) => series(panel, line, index, position, colourOf(line.name))),
    ),
  }
}

/** A name has one colour in the whole picture. */
function colouring(panels: readonly ReadablePanel[]): (name: string) => string {
  const names = [...new Set(panels.flatMap(({ lines }) => lines.map(({ name }) => name)))]
  return (name) => colours[names.indexOf(name) % colours.length]!
}

function heading(text: string, left: number | string, top: number, textStyle: object) {
  return { text, left, top, padding: 0, textStyle: { fontFamily, fontWeight: 400 as const, ...textStyle } }
}

function panelHeading(panel: ReadablePanel, top: number) {
  const text = `{title|${panel.title}}{unit|${panel.note}}`
  const rich = {
    title: { fontSize: 16, fontWeight: 600, color: ink.strong, padding: [0, 14, 0, 0] },
    unit: { fontSize: 14, color: ink.faint },
  }
  return heading(text, edge, top, { rich, fontSize: 16 })
}

function emptyNote(plotTop: number) {
  return { ...heading('No samples in this window', 'center', plotTop + plotHeight / 2 - 9, { fontSize: 15, color: ink.faint }) }
}

function legend(panel: ReadablePanel, index: number, { top, legendTop }: Layout['panels'][number]) {
  const place =
    legendTop === undefined ? { top, right: side.right } : { top: legendTop, left: edge, width: layoutWidth - edge - side.right }
  return {
    ...place,
    data: panel.lines.map((_, position) => seriesName(index, position)),
    formatter: (name: string) => panel.lines[Number(name.split('/')[1])]?.name ?? '',
    selectedMode: false as const,
    icon: 'roundRect',
    itemWidth: 14,
    itemHeight: 4,
    itemGap: 16,
    padding: 0,
    textStyle: { fontFamily, fontSize: 14, color: ink.soft, padding: [0, 4, 0, 2] },
  }
}

/** Unique in the picture: ECharts joins what has one name. */
function seriesName(panel: number, position: number): string {
  return `${panel}/${position}`
}

function timeAxis(gridIndex: number, range: { readonly from: Date; readonly to: Date }, labelled: boolean) {
  const days = range.to.getTime() - range.from.getTime() > 36 * 3_600_000
  return {
    type: 'time' as const,
    gridIndex,
    min: range.from.getTime(),
    max: range.to.getTime(),
    splitNumber: 4,
    axisLine: { lineStyle: { color: ink.line } },
    axisTick: { show: false },
    splitLine: { show: false },
    axisLabel: {
      show: labelled,
      formatter: days ? '{MMM} {d}' : '{HH}:{mm}',
      color: ink.soft,
      fontFamily,
      fontSize: 14,
      margin: 12,
      hideOverlap: true,
    },
  }
}

function valueAxis(panel: ReadablePanel, gridIndex: number) {
  return {
    type: 'value' as const,
    gridIndex,
    min: 0,
    max: panel.top,
    interval: panel.lines.length > 0 ? panel.top / 2 : panel.top,
    axisLine: { show: false },
    axisTick: { show: false },
    splitLine: { lineStyle: { color: ink.line, width: 1 } },
    axisLabel: {
      show: panel.lines.length > 0,
      formatter: (value: number) => panel.label(value),
      color: ink.soft,
      fontFamily,
      fontSize: 14,
      margin: 10,
    },
  }
}

function series(panel: ReadablePanel, line: ReadablePanel['lines'][number], index: number, position: number, colour: string) {
  const alone = line.points.length === 1
  return {
    type: 'line' as const,
    name: seriesName(index, position),
    xAxisIndex: index,
    yAxisIndex: index,
    data: line.points.map(({ at, value }) => [at.getTime(), value]),
    showSymbol: alone,
    symbolSize: 7,
    ...(panel.steps && { step: 'end' as const }),
    color: colour,
    lineStyle: { width: 2.2, color: colour, cap: 'round' as const, join: 'round' as const },
    ...(panel.lines.length <= 2 && { areaStyle: { opacity: 0.14, color: colour } }),
    ...(position === 0 && panel.threshold && { markLine: threshold(panel.threshold) }),
  }
}

function threshold({ label, value }: { readonly label: string; readonly value: number }) {
  return {
    silent: true,
    symbol: 'none',
    data: [{ yAxis: value }],
    lineStyle: { color: ink.limit, type: 'dashed' as const, width: 1.5 },
    // Inside and at the end: beside the line it would be cut off at the picture's edge.
    label: { formatter: label, position: 'insideEndTop' as const, color: ink.limit, fontFamily, fontSize: 13 },
  }
}

function span({ from, to }: { readonly from: Date; readonly to: Date }): string {
  const day = (date: Date) => date.toLocaleDateString('en-GB', { day: 'numeric', month: 'short', timeZone: 'UTC' })
  const time = (date: Date) => date.toISOString().slice(11, 16)
  return day(from) === day(to) ? `${day(from)}, ${time(from)} – ${time(to)}` : `${day(from)}, ${time(from)} – ${day(to)}, ${time(to)}`
}
