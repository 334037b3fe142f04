import { cell, ended } from './cell.ts'
import type { Message, Shape, Sighting } from './shape.ts'
import { firstText, isObject, textOf, toneOf } from './words.ts'

/** So many services of one message are looked at. */
const MOST_SERVICES = 500
const stateFields = ['condition', 'status', 'state', 'health'] as const

/** How services are: one of them, several at once (`{services: {name: {status}}}`), or one that could not be healed (`{service, error}`). */
export const services: Shape = {
  name: 'services',
  head: ['Service', 'State', 'Why'],
  read(message) {
    if (isObject(message.services)) {
      const kind = firstText(message, 'type', 'event') ?? 'health_update'
      const { environment } = message
      const all = Object.entries(message.services)
      const seen = all
        .slice(0, MOST_SERVICES)
        .map(([name, value]) => sighting(name, { ...(isObject(value) ? value : { status: value }), environment }, kind))
      return all.length > MOST_SERVICES ? [...seen, others(all.length - MOST_SERVICES, kind)] : seen
    }
    const service = isObject(message.service) ? firstText(message.service, 'name', 'id') : firstText(message, 'service', 'service_name')
    const state = stateOf(message)
    if (service === undefined || state === undefined) return undefined
    return [sighting(service, message, firstText(message, 'type', 'event') ?? state)]
  },
}

function sighting(service: string, message: Message, kind: string): Sighting {
  const where = textOf(message.environment)
  const about = where === undefined ? service : `${service} in ${where}`
  const state = stateOf(message)
  const why = firstText(message, 'reason', 'error', 'message', 'detail', 'sentence')
  return {
    ...{ about, kind, state },
    tone: state === undefined ? 'neutral' : toneOf(state),
    cells: () => [cell(state), cell(why)],
    turned(before) {
      const was = before === undefined ? '' : ` (was ${cell(before)})`
      return ended(`${cell(about)} is ${cell(state)}${was}${why === undefined ? '' : `: ${cell(why, 120)}`}`)
    },
  }
}

function others(many: number, kind: string): Sighting {
  const said = `${many.toLocaleString('en')} services`
  return {
    ...{ about: 'the rest of them', kind, state: 'not shown', tone: 'warning' },
    cells: () => ['not shown', said],
    turned: () => `${said} of one message are more than can be shown: the rest of them is left out.`,
  }
}

function stateOf(message: Message): string | undefined {
  return firstText(message, ...stateFields) ?? firstText(message, 'to') ?? (message.error === undefined ? undefined : 'failed')
}
