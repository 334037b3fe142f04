import { isOfReadings } from '#src/consciousness/listened.ts'
import { hasReading, isPlainReading, readMessage } from '#src/consciousness/read-message.ts'
import { createScales } from '#src/consciousness/scales.ts'
import type { Tone } from '#src/kernel/report.ts'
import { cell } from './cell.ts'
import type { Message, Shape, Sighting } from './shape.ts'
import { firstText } from './words.ts'

/** From the best to the worst: an ordinary deploy needs the first. */
const bands = [
  { from: 6, state: 'fine', tone: 'good' },
  { from: 4, state: 'low', tone: 'warning' },
  { from: Number.NEGATIVE_INFINITY, state: 'very low', tone: 'bad' },
] as const satisfies readonly { from: number; state: string; tone: Tone }[]
/** A level has to be so far beyond a threshold to cross it, so that nothing flickers. */
const PLAY = 0.1

/** Levels and metrics of whoever publishes them, read as everywhere else: what is no reading there is none here. */
export function consciousness(): Shape {
  let changed: string | undefined
  const scales = createScales((_, scale) => {
    changed = scale === '0-1' ? '0–1' : '0–10'
  })
  return {
    name: 'consciousness',
    head: ['Source', 'Level', 'Harmony'],
    read(message, channel) {
      if (!hasReading(message)) return undefined
      const reading = () => readMessage({ id: '0-0', channel, message, text: '' }, scales)
      if (isPlainReading(message)) return [sighting(message, channel, reading)]
      const found = reading()
      if (found.kind === 'unreadable') return isOfReadings(channel) ? 'unreadable' : undefined
      return [sighting(message, channel, () => found)]
    },
  }

  function sighting(message: Message, channel: string, read: () => ReturnType<typeof readMessage>): Sighting {
    const about = firstText(message, 'agent_id', 'service', 'source') ?? channel
    const level = levelOf(message)
    const now = changed
    changed = undefined
    return {
      ...{ about, state: undefined, tone: 'neutral' },
      ...(level !== undefined && { held: (before) => banded(level, before) }),
      ...(now !== undefined && {
        also: { tone: 'warning', sentence: () => `${cell(about)} is taken to give its fractions on ${now} from now on.` },
      }),
      kind: firstText(message, 'type', 'event') ?? 'reading',
      cells() {
        const found = read()
        return [cell(level), cell(found.kind === 'reading' ? found.reading.metrics.harmony : undefined)]
      },
      turned: (_, state) => `${cell(about)} is ${state === 'fine' ? `at ${cell(level)} again` : `${state}: at ${cell(level)}`}.`,
    }
  }
}

/** The band of a level, for a source that was in another one before. */
function banded(level: number, before: string | undefined): readonly [string, Tone] {
  const was = bands.findIndex(({ state }) => state === before)
  const plain = bands.findIndex(({ from }) => level >= from)
  const at = was < 0 || plain === was ? plain : bands.findIndex(({ from }, band) => level >= from + (band < was ? PLAY : -PLAY))
  const { state, tone } = bands[at]!
  return [state, tone]
}

function levelOf({ consciousness_level: own, level }: Message): number | undefined {
  if (typeof own === 'number') return own
  return typeof level === 'number' ? level : undefined
}
