import { cell } from './cell.ts'
import type { Message, Shape } from './shape.ts'
import { firstText, lastWord, textOf, toneOf } from './words.ts'

/** Events of Zapier, triggers and actions: one row for each type. */
export const zapier: Shape = {
  name: 'zapier',
  head: ['Type', 'Kind', 'Newest'],
  read(message) {
    const id = textOf(message.event_id)
    const known = kindOf(message)
    if (id === undefined || !known) return undefined
    const [kind, type] = known
    const status = firstText(message, 'status', 'state')
    const state = status ?? lastWord(type)
    return [
      {
        ...{ about: type, kind: type, state },
        tone: toneOf(state),
        cells: () => [status === undefined ? kind : cell(status), cell(id)],
        turned: () => `Zapier’s ${kind} ${cell(type)} (${cell(id)}) ${toneOf(state) === 'bad' ? `says ${cell(state)}` : 'is well again'}.`,
      },
    ]
  },
}

function kindOf(message: Message): readonly [kind: string, type: string] | undefined {
  for (const [kind, name] of [
    ['event', 'event_type'],
    ['trigger', 'trigger'],
    ['action', 'action'],
  ] as const) {
    const type = textOf(message[name])
    if (type !== undefined) return [kind, type]
  }
  return undefined
}
