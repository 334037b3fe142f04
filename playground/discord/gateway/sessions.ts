import { randomBytes } from 'node:crypto'
import type { Clock } from '#src/kernel/clock.ts'
import type { Account } from '../model.ts'

/** The open connection of a session, as far as a session speaks to it. */
export interface Line {
  send(frame: string): void
  /** Closes with that code; 'cut' drops the TCP connection without a word. */
  close(code: number | 'cut', reason?: string): void
  /** Sends an operation that is not a dispatch. */
  say(op: number, d: unknown): void
  /** Stops answering and sending, as a zombie does, until told otherwise. */
  mute(on: boolean): void
}

/** A gateway session: it outlives its connection for as long as it can be resumed. */
export interface Session {
  readonly id: string
  readonly account: Account
  readonly intents: number
  readonly shard: readonly [id: number, count: number]
  readonly sequence: number
  readonly line: Line | undefined
}

export interface Sessions {
  open(account: Account, intents: number, shard: readonly [number, number], line: Line): Session
  /** Takes the session up again: what was missed is sent. `unknown` session, or `sequence` that never was. */
  resume(id: string, token: string, sequence: number, line: Line): Session | 'unknown' | 'sequence'
  send(session: Session, event: string, data: unknown): void
  /** To every session what `of` gives it; undefined leaves it out. */
  broadcast(event: string, of: (session: Session) => unknown): void
  /** The connection is gone; the session waits for five minutes. */
  detach(session: Session, line: Line): void
  end(session: Session): void
  /** Called when one ended for good. */
  onEnd(listener: (session: Session) => void): void
  all(): readonly Session[]
  close(): void
}

interface Frame {
  readonly sequence: number
  readonly text: string
}

type Kept = { -readonly [Key in keyof Session]: Session[Key] } & { readonly frames: Frame[]; waiting: AbortController | undefined }

export const defaults = { resumableMs: 300_000, replay: 5_000 } as const

export function createSessions(wire: Clock): Sessions {
  const kept = new Map<string, Kept>()
  const listeners: ((session: Session) => void)[] = []

  const push = (session: Kept, event: string, json: string) => {
    session.sequence++
    const text = `{"op":0,"t":"${event}","s":${session.sequence},"d":${json}}`
    session.frames.push({ sequence: session.sequence, text })
    if (session.frames.length > defaults.replay) session.frames.splice(0, defaults.replay / 2)
    session.line?.send(text)
  }
  const end = ({ id }: Session) => {
    const ended = kept.get(id)
    ended?.waiting?.abort()
    kept.delete(id)
    if (ended) for (const listener of listeners) listener(ended)
  }

  return {
    open: (account, intents, shard, line) => {
      const session: Kept = {
        id: randomBytes(16).toString('hex'),
        account,
        intents,
        shard,
        sequence: 0,
        line,
        frames: [],
        waiting: undefined,
      }
      kept.set(session.id, session)
      return session
    },
    resume: (id, token, sequence, line) => {
      const session = kept.get(id)
      if (!session || session.account.token !== token) return 'unknown'
      if (sequence > session.sequence) return 'sequence'
      const oldest = session.frames[0]?.sequence ?? session.sequence + 1
      if (sequence + 1 < oldest) return 'unknown'
      session.waiting?.abort()
      session.line?.close(4000, 'Resumed elsewhere')
      session.line = line
      for (const frame of session.frames) if (frame.sequence > sequence) line.send(frame.text)
      push(session, 'RESUMED', '{}')
      return session
    },
    send: ({ id }, event, data) => {
      const session = kept.get(id)
      if (session) push(session, event, JSON.stringify(data))
    },
    broadcast: (event, of) => {
      const texts = new Map<unknown, string>()
      for (const session of kept.values()) {
        const data = of(session)
        if (data === undefined) continue
        const json = texts.get(data) ?? JSON.stringify(data)
        texts.set(data, json)
        push(session, event, json)
      }
    },
    detach: ({ id }, line) => {
      const session = kept.get(id)
      if (!session || session.line !== line) return
      session.line = undefined
      const waiting = new AbortController()
      session.waiting = waiting
      void wire.sleep(defaults.resumableMs, waiting.signal).then(() => {
        if (!waiting.signal.aborted) end(session)
      })
    },
    end,
    onEnd: (listener) => listeners.push(listener),
    all: () => [...kept.values()],
    close: () => {
      for (const session of kept.values()) {
        session.line?.close(1001, 'The playground is closing')
        end(session)
      }
    },
  }
}
