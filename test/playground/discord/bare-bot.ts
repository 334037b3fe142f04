import { EventEmitter } from 'node:events'
import { WebSocket } from 'ws'
import { awaitEvent } from '#test/support/await-event.ts'
import { values } from './running-discord.ts'

interface Frame {
  readonly op: number
  readonly t: string | null
  readonly s: number | null
  // biome-ignore lint/suspicious/noExplicitAny: tests look at whatever the gateway sends
  readonly d: any
}

/** A gateway client without manners: it sends exactly what a test tells it to. */
export interface BareBot {
  readonly frames: readonly Frame[]
  send(op: number, d?: unknown): void
  /** As it stands, valid or not. */
  raw(text: string): void
  identify(more?: object): void
  /** The first frame with that operation, or that event. */
  frame(which: number | string): Promise<Frame>
  /** The frame of that event that came after so many others of it. */
  nth(event: string, earlier: number): Promise<Frame>
  closed(): Promise<number>
  close(code?: number): void
}

export async function connectBareBot(url: string, query = 'v=10&encoding=json'): Promise<BareBot> {
  const socket = new WebSocket(`${url.replace('http', 'ws')}/gateway?${query}`)
  const changes = new EventEmitter()
  const frames: Frame[] = []
  let code: number | undefined
  socket.on('message', (data) => {
    frames.push(JSON.parse(String(data)))
    changes.emit('change')
  })
  socket.on('close', (closed) => {
    code = closed
    changes.emit('change')
  })
  const send = (op: number, d: unknown = null) => socket.send(JSON.stringify({ op, d }))
  const bot: BareBot = {
    frames,
    send,
    raw: (text) => socket.send(text),
    identify: (more = {}) => send(2, { token: values.botToken, intents: 129, properties: {}, ...more }),
    frame: (which) =>
      awaitEvent(
        changes,
        () => frames.find(({ op, t }) => op === which || t === which),
        () => `no ${which} among ${frames.map(({ op, t }) => t ?? op)}`,
      ),
    nth: (event, earlier) =>
      awaitEvent(
        changes,
        () => frames.filter(({ t }) => t === event)[earlier],
        () => `only ${frames.filter(({ t }) => t === event).length} of ${event}`,
      ),
    closed: () =>
      awaitEvent(
        changes,
        () => code,
        () => 'it was not closed',
      ),
    close: (closing = 1000) => socket.close(closing),
  }
  await bot.frame(10)
  return bot
}
