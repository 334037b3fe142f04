import { readMessage } from '#src/consciousness/read-message.ts'
import { createScales } from '#src/consciousness/scales.ts'
import type { Tone } from '#src/kernel/report.ts'
import { cell } from './cell.ts'
import type { Message, Shape, Sighting } from './shape.ts'
import { firstText, isObject } from './words.ts'

/** Levels that matter to people: an ordinary deploy needs the higher one. Nothing turns within `play` of them, so that nothing flickers. */
const thresholds = { low: 6, veryLow: 4, play: 0.1 } as const

/** Levels and metrics of whoever publishes them. */
export function consciousness(): Shape {
  const scales = createScales()
  return {
    name: 'consciousness',
    head: ['Source', 'Level', 'Harmony'],
    read(message, channel) {
      const level = levelOf(message)
      if (level === undefined && !hasMetrics(message)) return undefined
      return [sighting(message, channel, level)]
    },
  }

  function sighting(message: Message, channel: string, level: number | undefined): Sighting {
    const about = firstText(message, 'agent_id', 'service', 'source') ?? channel
    const [state, tone] = level === undefined ? unsaid : band(level)
    return {
      ...{ about, state, tone },
      kind: firstText(message, 'type', 'event') ?? 'reading',
      cells() {
        const read = readMessage({ id: '0-0', channel, message, text: '' }, scales)
        const harmony = read.kind === 'reading' ? read.reading.metrics.harmony : undefined
        return [cell(level), cell(harmony)]
      },
      turned: () => `${cell(about)} is ${state === 'fine' ? `at ${cell(level)} again` : `${state}: at ${cell(level)}`}.`,
    }
  }
}

const unsaid: readonly [undefined, Tone] = [undefined, 'neutral']

function band(level: number): readonly [string | undefined, Tone] {
  const { low, veryLow, play } = thresholds
  if (Math.abs(level - low) < play || Math.abs(level - veryLow) < play) return unsaid
  if (level < veryLow) return ['very low', 'bad']
  return level < low ? ['low', 'warning'] : ['fine', 'good']
}

function levelOf({ consciousness_level: own, level }: Message): number | undefined {
  if (typeof own === 'number') return own
  return typeof level === 'number' ? level : undefined
}

function hasMetrics({ ucf_metrics, ucf, harmony, zoom, resilience, prana, drishti, klesha }: Message): boolean {
  if (isObject(ucf_metrics) || isObject(ucf)) return true
  return [harmony, zoom, resilience, prana, drishti, klesha].some((value) => typeof value === 'number')
}
