import { isOfReadings } from '#src/consciousness/listened.ts'
import { cell, ended, fields } from './cell.ts'
import type { Message, Shape } from './shape.ts'
import { firstText, lastWord, toneOf } from './words.ts'

/** Names by which messages say what they are, and how something is. */
const kinds = ['type', 'event', 'event_type', 'kind', 'action', 'topic'] as const
const states = ['status', 'state', 'severity', 'condition', 'health'] as const
const whos = ['agent_id', 'service', 'source', 'name', 'id'] as const
const aside = new Set<string>([...kinds, 'timestamp', 'stream_id', 'traceparent'])

/** Any other message: a row for each kind and whoever it is of, with its first fields. */
export const other: Shape = {
  name: 'other',
  head: ['What', 'State', 'Says'],
  read(message, channel) {
    // Where every message should be a reading, what says nothing at all is none.
    if (isOfReadings(channel) && Object.keys(message).length === 0) return 'unreadable'
    const kind = firstText(message, ...kinds)
    const who = firstText(message, ...whos.slice(0, 3))
    const said = firstText(message, ...states)
    const state = said ?? (kind === undefined ? undefined : lastWord(kind))
    const about = who ?? kind ?? 'message'
    return [
      {
        about,
        kind: kind ?? 'message',
        state,
        tone: state === undefined ? 'neutral' : toneOf(state),
        cells: () => [cell(said ?? kind), fields(says(message)) || '–'],
        turned: () => ended(`${cell(about)} is ${cell(state)}: ${fields(says(message), 120)}`),
      },
    ]
  },
}

function* says(message: Message): Generator<readonly [string, unknown]> {
  for (const name in message) if (!aside.has(name)) yield [name, message[name]]
}
