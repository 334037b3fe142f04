import type { Clock } from '#src/kernel/clock.ts'
import { createOggOpusMuxer } from '#src/speech/ogg-opus-muxer.ts'
import { isOpusSilence } from '#src/speech/opus-packet.ts'

/** What a bot said without a pause, as the members heard it. */
export interface Utterance {
  readonly id: number
  readonly user: string
  readonly channel: string
  /** When it began. */
  readonly at: string
  readonly packets: readonly Buffer[]
  readonly durationMs: number
  /** Ogg Opus. */
  readonly audio: Uint8Array
}

export interface HeardDeps {
  readonly wire: Clock
  onBegun(user: string): void
  onHeard(utterance: Utterance): void
  onEnded(user: string): void
}

export interface Heard {
  /** In the order in which they came; one that came before is left out. */
  take(user: string, channel: string, sequence: number, packet: Buffer): void
  /** The bot says that it ended, or it is gone. */
  end(user: string): void
  /** The newest first. */
  all(): readonly Utterance[]
  close(): void
}

/** Longer than a gap that a busy machine makes. */
const pauseMs = 600
const mostKept = 20
/** Five minutes. */
const mostPackets = 15_000
const packetsInPage = 50

interface Open {
  readonly channel: string
  readonly at: string
  readonly packets: Buffer[]
  sequence: number
  pause: AbortController
}

export function createHeard({ wire, onBegun, onHeard, onEnded }: HeardDeps): Heard {
  const open = new Map<string, Open>()
  const kept: Utterance[] = []
  let last = 0

  function begin(user: string, channel: string, sequence: number): Open {
    const begun = { channel, at: wire.now().toISOString(), packets: [], sequence: sequence - 1, pause: new AbortController() }
    open.set(user, begun)
    onBegun(user)
    return begun
  }

  async function awaitPause(user: string, { pause: { signal } }: Open): Promise<void> {
    await wire.sleep(pauseMs, signal)
    if (!signal.aborted) end(user)
  }

  function end(user: string) {
    const ended = open.get(user)
    if (!ended) return
    ended.pause.abort()
    open.delete(user)
    onEnded(user)
    const { channel, at } = ended
    const packets = ended.packets.slice(0, ended.packets.findLastIndex((packet) => !isOpusSilence(packet)) + 1)
    last += 1
    const utterance = { id: last, user, channel, at, packets, ...inOgg(packets, last) }
    kept.unshift(utterance)
    kept.length = Math.min(kept.length, mostKept)
    onHeard(utterance)
  }

  return {
    take(user, channel, sequence, packet) {
      const known = open.get(user)
      if (!known && isOpusSilence(packet)) return
      const utterance = known ?? begin(user, channel, sequence)
      if (((sequence - utterance.sequence) & 0xffff) === 0) return
      utterance.sequence = sequence
      utterance.packets.push(packet)
      utterance.pause.abort()
      utterance.pause = new AbortController()
      if (utterance.packets.length >= mostPackets) return end(user)
      void awaitPause(user, utterance)
    },
    end,
    all: () => kept,
    close() {
      for (const { pause } of open.values()) pause.abort()
      open.clear()
    },
  }
}

function inOgg(packets: readonly Buffer[], serial: number): Pick<Utterance, 'audio' | 'durationMs'> {
  const ogg = createOggOpusMuxer({ serial })
  const pages = [ogg.headers()]
  for (const packet of packets) {
    ogg.write(packet)
    if (ogg.pending === packetsInPage) pages.push(ogg.flush()!)
  }
  return { audio: Buffer.concat([...pages, ogg.flush(true)!]), durationMs: ogg.durationMs }
}
