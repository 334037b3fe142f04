import type { ReadablePanel } from './readable-panel.ts'
import { textWidth } from './text-width.ts'

/** Where things stand, in logical pixels. */
export interface Layout {
  readonly width: number
  readonly height: number
  readonly panels: readonly {
    readonly top: number
    /** Undefined: few lines, named beside the panel's title. */
    readonly legendTop: number | undefined
    readonly plotTop: number
  }[]
}

export const width = 760
export const edge = 24
export const plotHeight = 132
export const side = { left: 70, right: 28 }

const head = 70
const titleHeight = 34
const legendRow = 24
/** The mark before a name in a legend, and the gap after it. */
const legendMark = 42
const gap = 34
const foot = 44

/** From top to bottom; more than two lines, or long names, get a legend of their own under the panel's title. */
export function layoutOf(panels: readonly ReadablePanel[]): Layout {
  const placed: Layout['panels'][number][] = []
  let top = head
  for (const panel of panels) {
    const isBeside = panel.lines.length <= 2 && legendWidth(panel) <= width / 2
    const rows = isBeside ? 0 : legendRows(panel)
    const legendTop = rows > 0 ? top + titleHeight - 4 : undefined
    const plotTop = top + titleHeight + rows * legendRow + (rows > 0 ? 6 : 0)
    placed.push({ top, legendTop, plotTop })
    top = plotTop + plotHeight + gap
  }
  return { width, height: Math.max(head, top - gap) + foot, panels: placed }
}

/** As ECharts will break it: a row too many is only space. */
function legendRows({ lines }: ReadablePanel): number {
  const room = width - edge - side.right
  let rows = 1
  let used = 0
  for (const line of lines) {
    const wide = entryWidth(line)
    if (used > 0 && used + wide > room) {
      rows += 1
      used = 0
    }
    used += wide
  }
  return rows
}

function legendWidth({ lines }: ReadablePanel): number {
  return lines.reduce((sum, line) => sum + entryWidth(line), 0)
}

function entryWidth({ name }: { readonly name: string }): number {
  return textWidth(name, '14px Inter') + legendMark
}
