import type { EventEmitter } from 'node:events'
import { WebSocket } from 'ws'
import type { ComponentData, LiveMessage, MessageData } from './live-message.ts'
import { createLiveMessage } from './live-message.ts'

export interface Choice {
  readonly name: string
  readonly value: string | number
}

/** A modal that Discord asks the member to fill. */
export interface Modal {
  readonly id: string
  readonly channel: string
  readonly custom_id: string
  readonly title: string
  readonly components: readonly ComponentData[]
  readonly nonce: string
  readonly application: { readonly id: string }
}

/** What came of an interaction, by its nonce. */
export interface Outcome {
  id?: string
  acknowledged?: boolean
  failed?: number
  message?: LiveMessage
  modal?: Modal
  choices?: readonly Choice[]
}

export interface UserGateway {
  readonly session: string
  readonly user: { readonly id: string; readonly username: string }
  readonly guild: GuildData
  readonly messages: ReadonlyMap<string, LiveMessage>
  outcome(nonce: string): Outcome
  /** Every dispatch so far, newest last. */
  readonly events: readonly { readonly t: string; readonly d: unknown }[]
  send(op: number, d: unknown): void
  close(): void
}

/** What the dispatches that are looked at carry, together. */
type Payload = MessageData & Omit<Modal, 'channel'> & { readonly reason_code?: number; readonly choices: readonly Choice[] }

interface Ready {
  readonly session_id: string
  readonly user: UserGateway['user']
  readonly guilds: readonly [GuildData]
}

interface GuildData {
  readonly id: string
  readonly name: string
  readonly channels: readonly { readonly id: string; readonly name: string; readonly type: number }[]
}

/** Connects as the Discord client does and keeps what it is told; `changes` emits `change` after every event. */
export async function connectUserGateway(address: string, token: string, changes: EventEmitter): Promise<UserGateway> {
  const socket = new WebSocket(`${address}?v=9&encoding=json`)
  const messages = new Map<string, ReturnType<typeof createLiveMessage>>()
  const outcomes = new Map<string, Outcome>()
  const events: { t: string; d: unknown }[] = []
  const send = (op: number, d: unknown) => socket.send(JSON.stringify({ op, d }))
  const outcome = (nonce: string) => insert(outcomes, nonce)
  let heartbeat: NodeJS.Timeout | undefined
  let sequence: number | null = null

  const onDispatch = (t: string, d: Payload) => {
    events.push({ t, d })
    if (t === 'MESSAGE_CREATE') {
      const message = createLiveMessage(d)
      messages.set(message.id, message)
      if (d.nonce) outcome(String(d.nonce)).message = message
    }
    if (t === 'MESSAGE_UPDATE') {
      const known = messages.get(d.id)
      if (known) known.update(d)
      else messages.set(d.id, createLiveMessage(d))
    }
    if (t === 'MESSAGE_DELETE') messages.get(d.id)?.remove()
    if (t === 'INTERACTION_CREATE') outcome(d.nonce).id = d.id
    if (t === 'INTERACTION_SUCCESS') outcome(d.nonce).acknowledged = true
    if (t === 'INTERACTION_FAILURE') outcome(d.nonce).failed = d.reason_code ?? 0
    if (t === 'INTERACTION_MODAL_CREATE') outcome(d.nonce).modal = { ...d, channel: d.channel_id }
    if (t === 'APPLICATION_COMMAND_AUTOCOMPLETE_RESPONSE') outcome(d.nonce).choices = d.choices
    changes.emit('change')
  }

  const ready = await new Promise<Ready>((resolve, reject) => {
    socket.on('error', reject)
    socket.on('close', (code) => {
      clearInterval(heartbeat)
      const error = new Error(`the user's gateway closed with ${code}`)
      reject(error)
      if (code !== 1000) changes.emit('failure', error)
    })
    socket.on('message', (data) => {
      const { op, t, d, s } = JSON.parse(String(data))
      if (s) sequence = s
      if (op === 10) {
        heartbeat = setInterval(() => send(1, sequence), d.heartbeat_interval)
        send(2, { token, properties: { os: 'linux', browser: 'test', device: '' } })
      }
      if (op === 1) send(1, sequence)
      if (op !== 0) return
      onDispatch(t, d)
      if (t === 'READY') resolve(d)
    })
  })

  return {
    session: ready.session_id,
    user: ready.user,
    guild: ready.guilds[0],
    messages,
    outcome,
    events,
    send,
    close: () => {
      clearInterval(heartbeat)
      socket.close(1000)
    },
  }
}

function insert(outcomes: Map<string, Outcome>, nonce: string): Outcome {
  const known = outcomes.get(nonce) ?? {}
  outcomes.set(nonce, known)
  return known
}
