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
    // Made for every message: no more than one object.
    const seen: Sighting = {
      about,
      kind: firstText(message, 'type', 'event') ?? 'reading',
      state: undefined,
      tone: 'neutral',
      held: (before) => (level === undefined ? unsaid : banded(level, before)),
      cells() {
        const found = read()
        return [cell(level), cell(found.kind === 'reading' ? found.reading.metrics.harmony : undefined)]
      },
      turned: (_, state) => `${cell(about)} is ${state === 'fine' ? `at ${cell(level)} again` : `${state}: at ${cell(level)}`}.`,
    }
    if (changed === undefined) return seen
    const scale = changed
    changed = undefined
    return { ...seen, also: { tone: 'warning', sentence: () => `${cell(about)} is taken to give its fractions on ${scale} from now on.` } }
  }
}

const unsaid: readonly [undefined, Tone] = [undefined, 'neutral']

/** The band of a level, for a source that was in another one before. */
function banded(level: number, before: string | undefined): readonly [string, Tone] {
  const plain = bands.findIndex(({ from }) => level >= from)
  if (before === undefined || shown[plain]![0] === before) return shown[plain]!
  const was = bands.findIndex(({ state }) => state === before)
  return shown[was < 0 ? plain : bands.findIndex(({ from }, band) => level >= from + (band < was ? PLAY : -PLAY))]!
}

const shown: readonly (readonly [string, Tone])[] = bands.map(({ state, tone }) => [state, tone])

function levelOf({ consciousness_level: own, level }: Message): number | undefined {
  if (typeof own === 'number') return own
  return typeof level === 'number' ? level : undefined
}
