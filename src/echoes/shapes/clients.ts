import { probeClient } from '#src/probes/probe-once.ts'
import { cell } from './cell.ts'
import type { Shape } from './shape.ts'
import { firstText, isObject, textOf } from './words.ts'

/** Clients of websocket-streaming that come and go, and whom an admin disconnects. */
export const clients: Shape = {
  name: 'clients',
  head: ['Client', 'State', 'Whose'],
  read(message) {
    const event = textOf(message.event)
    const client = isObject(message.client) ? message.client : event === 'disconnect' ? message : undefined
    const about = client && firstText(client, 'client_id', 'connection')
    if (event === undefined || client === undefined || about === undefined) return undefined
    // Nobody wants to read four times a minute that Helix looks whether streaming works.
    if (about.startsWith(probeClient)) return []
    const state = event.replace(/^client_/, '')
    return [
      {
        ...{ about, kind: event, state, tone: 'neutral' },
        cells: () => [cell(state), cell(firstText(client, 'subject', 'by'))],
        turned: () => `${cell(about)} is ${cell(state)}.`,
      },
    ]
  },
}
