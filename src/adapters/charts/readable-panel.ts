import type { Panel } from './charts.ts'
import { drawable } from './glyphs.ts'

export interface ReadablePanel {
  readonly title: string
  /** Unit, limit and what was left out. */
  readonly note: string
  readonly lines: Panel['lines']
  readonly threshold: { readonly label: string; readonly value: number } | undefined
  /** Upper end of the axis: a round number. */
  readonly top: number
  readonly label: (value: number) => string
  readonly steps: boolean
}

const linesShown = 6
const longestName = 22
/** A limit that is further away than this would press the lines flat: it is told in words. */
const drawnLimit = 3

/** A panel as people can read it: the largest lines, a round axis, names that can be drawn. */
export function readable(panel: Panel): ReadablePanel {
  const drawn = panel.lines.filter(({ points }) => points.length > 0)
  const largest = [...drawn].sort((a, b) => peakOf(b) - peakOf(a)).slice(0, linesShown)
  const kept = drawn.filter((line) => largest.includes(line))
  const peak = Math.max(0, ...kept.map(peakOf))
  const limit = panel.threshold
  const near = limit !== undefined && limit.value <= peak * drawnLimit
  const top = panel.most ?? roundUp((near ? Math.max(peak, limit.value) : peak) * 1.05)
  const notes = [
    drawable(panel.unit),
    limit && !near && drawable(limit.label),
    drawn.length > kept.length && `the largest ${kept.length} of ${drawn.length}`,
  ].filter((note) => typeof note === 'string')
  return {
    title: drawable(panel.title),
    note: notes.join('  ·  '),
    lines: kept.map((line) => ({ name: shortName(line.name), points: inOrder(line.points) })),
    threshold: near ? { label: drawable(limit.label), value: limit.value } : undefined,
    top,
    label: short,
    steps: panel.steps ?? false,
  }
}

function inOrder(points: Panel['lines'][number]['points']): Panel['lines'][number]['points'] {
  return [...points].sort((a, b) => a.at.getTime() - b.at.getTime())
}

function peakOf({ points }: Panel['lines'][number]): number {
  return points.reduce((peak, { value }) => Math.max(peak, value), 0)
}

/** 1, 2, 4, 5, 6, 8 or 10 times a power of ten, and half of it is as short to write. */
function roundUp(value: number): number {
  if (value <= 0) return 1
  const power = 10 ** Math.floor(Math.log10(value))
  const step = [1, 2, 4, 5, 6, 8, 10].find((candidate) => candidate * power >= value) ?? 10
  return Number((step * power).toPrecision(3))
}

function short(value: number): string {
  return String(Number(value.toPrecision(3)))
}

function shortName(name: string): string {
  const text = drawable(name)
  return text.length > longestName ? `${text.slice(0, longestName - 1)}…` : text
}
