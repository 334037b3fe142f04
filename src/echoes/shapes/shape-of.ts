import { channels } from '#src/kernel/channels.ts'
import { agents } from './agents.ts'
import { clients } from './clients.ts'
import { consciousness } from './consciousness.ts'
import { other } from './other.ts'
import { requests } from './requests.ts'
import { services } from './services.ts'
import type { Message, Shape, Sighting } from './shape.ts'
import { voice } from './voice.ts'
import { zapier } from './zapier.ts'

/** Reads a message of one channel, whatever it looks like. */
export type Read = (message: Message) => { readonly shape: Shape; readonly sightings: readonly Sighting[] } | 'unreadable'

/** Whose messages a channel mostly carries comes first; anybody may publish anything anywhere. */
export function readerOf(channel: string): Read {
  const readings = consciousness()
  const usual: Readonly<Record<string, Shape>> = {
    [channels.consciousness]: readings,
    [channels.consciousnessStream]: readings,
    [channels.coordinatorStream]: readings,
    [channels.ucfMetrics]: readings,
    [channels.voiceEvents]: voice,
    [channels.wisdomSynthesis]: other,
  }
  const first = usual[channel]
  const shapes = [...(first ? [first] : []), zapier, clients, requests, agents, services, readings]
  return (message) => {
    for (const shape of shapes) {
      const sightings = shape.read(message, channel)
      if (sightings === 'unreadable') return sightings
      if (sightings) return { shape, sightings }
    }
    const sightings = other.read(message, channel)
    return sightings === undefined || sightings === 'unreadable' ? 'unreadable' : { shape: other, sightings }
  }
}

/** The heads of tables, by the shape's name. */
export const heads: Readonly<Record<string, readonly [string, string, string]>> = Object.fromEntries(
  [agents, clients, consciousness(), other, requests, services, voice, zapier].map(({ name, head }) => [name, head]),
)
