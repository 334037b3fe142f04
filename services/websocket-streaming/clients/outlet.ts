import type { Duplex } from 'node:stream'
import type { WebSocket } from 'ws'
import type { Clock } from '#src/kernel/clock.ts'
import type { Counts } from '../counts.ts'
import type { StreamingLimits } from '../limits.ts'
import { textFrame } from '../messages/frame.ts'
import type { Form, FramedEntry } from '../messages/framed-entry.ts'
import { createCoalesced } from './coalesced.ts'

/** Entries that go to clients of one filter at once: one buffer for all of them. */
export interface Batch {
  readonly entries: readonly FramedEntry[]
  readonly bytes: Buffer
}

/** The way to one client. Frames are written to its connection past the package ws, which would frame each message for each client anew. */
export interface Outlet {
  /** An answer to the client, as JSON; it takes its place in the order and is never left out. */
  say(message: object): void
  /** Text as it is. */
  write(text: string): void
  deliver(batch: Batch, form: Form): void
  /** Frames in one piece; resolves once the client can take more. */
  pour(frames: readonly Buffer[]): Promise<void>
  /** Since when it cannot take what it gets. */
  readonly slowSince: Date | undefined
  readonly figures: { readonly sent: number; readonly coalesced: number; readonly bufferedBytes: number }
}

export interface OutletDeps {
  readonly ws: WebSocket
  /** The connection under it. */
  readonly socket: Duplex
  readonly limits: StreamingLimits
  readonly clock: Clock
  readonly counts: Counts
  /** Whether it understands that messages were left out; those of the plain form know nothing but messages. */
  readonly tellsGaps: () => boolean
  /** More waits for it than is kept. */
  onOverflow(): void
}

/** A client that asks and does not read its answers is let go at so many times the buffer of a slow one. */
const MOST_BUFFERS = 4

export function createOutlet({ ws, socket, limits, clock, counts, tellsGaps, onOverflow }: OutletDeps): Outlet {
  const waiting = createCoalesced()
  let slowSince: Date | undefined
  let form: Form = 'plain'
  const figures = { sent: 0, coalesced: 0 }

  function put(bytes: Buffer): void {
    // After a close frame nothing may follow.
    if (ws.readyState !== ws.OPEN) return
    socket.write(bytes)
    if (socket.writableLength > MOST_BUFFERS * limits.bufferBytes + bytes.length) onOverflow()
  }

  function keep(entries: readonly FramedEntry[]): void {
    for (const entry of entries) waiting.add(entry)
    if (waiting.entries > limits.coalescedEntries || waiting.bytes > limits.coalescedBytes) onOverflow()
  }

  function counted(entries: number, bytes: number): void {
    figures.sent += entries
    counts.deliveries += entries
    counts.deliveredBytes += bytes
  }

  socket.on('drain', () => {
    if (!slowSince) return
    slowSince = undefined
    const { entries, missed } = waiting.take()
    figures.coalesced += missed
    counts.coalesced += missed
    if (missed > 0 && tellsGaps()) say({ type: 'gap', reason: 'slow', lost: missed })
    const bytes = Buffer.concat(entries.map((entry) => entry.frame(form)))
    if (bytes.length > 0) put(bytes)
    counted(entries.length, bytes.length)
  })

  function say(message: object): void {
    put(textFrame(JSON.stringify(message)))
  }

  return {
    say,
    write: (text) => put(textFrame(text)),
    deliver({ entries, bytes }, wanted) {
      form = wanted
      if (!slowSince && socket.writableLength > limits.bufferBytes) slowSince = clock.now()
      if (slowSince) return keep(entries)
      put(bytes)
      counted(entries.length, bytes.length)
    },
    async pour(frames) {
      const bytes = Buffer.concat(frames)
      put(bytes)
      counted(frames.length, bytes.length)
      if (socket.writableLength <= limits.bufferBytes || socket.destroyed) return
      slowSince ??= clock.now()
      const { promise, resolve } = Promise.withResolvers<void>()
      socket.once('drain', resolve).once('close', resolve)
      await promise
      socket.off('drain', resolve).off('close', resolve)
    },
    get slowSince() {
      return slowSince
    },
    get figures() {
      return { ...figures, bufferedBytes: socket.writableLength }
    },
  }
}
