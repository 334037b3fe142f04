import { AudioReceiveStream, EndBehaviorType, type VoiceReceiver } from '@discordjs/voice'
import type { Clock } from '#src/kernel/clock.ts'
import type { Log } from '#src/kernel/log.ts'
import { opusSilence } from '#src/speech/opus-packet.ts'
import type { SpokenUtterance, UtteranceEnd } from '#src/voice/room.ts'
import { kindOf } from './packet-kind.ts'
import type { Renewal } from './renewal.ts'
import type { RtpHeader, RtpStamps } from './rtp-stamps.ts'
import { createUtterance, type Utterance, type UtteranceLimits } from './utterance.ts'

/** What the ears of a room count together. */
export interface EarCounts {
  packets: number
  lost: number
  undecryptable: number
  unusable: number
  resubscribed: number
}

export interface EarDeps {
  /** For good: whatever this ear hears is this member's. */
  readonly user: string
  readonly receiver: VoiceReceiver
  readonly stamps: RtpStamps
  readonly clock: Clock
  readonly limits: UtteranceLimits
  readonly counts: EarCounts
  readonly renewal: Renewal
  /** Counts up in the room. */
  readonly nextNumber: () => number
  readonly onUtterance: (utterance: SpokenUtterance) => void
  readonly log: Log
}

/** One member's, from the moment it is made. */
export interface Ear {
  /** A packet that arrived and could not be read. */
  miss(header: RtpHeader): void
  /** What is being said is dropped; what comes next is heard. */
  interrupt(): void
  /** For good. */
  close(): void
}

const manual = { end: { behavior: EndBehaviorType.Manual } } as const

/** One subscription for as long as the member is heard: one for each utterance would lose its first packets. */
export function createEar(deps: EarDeps): Ear {
  const { user, receiver, stamps, clock, limits, counts, renewal, log } = deps
  let utterance: Utterance | undefined
  let source: number | undefined
  let closed = false
  /** The member was cut off, and is not heard until the pause that ends it. */
  let deafUntil = 0

  function onEnd(how: UtteranceEnd): void {
    utterance = undefined
    if (how === 'too long') deafUntil = clock.now().getTime() + limits.silenceMs
  }

  function begin(): Utterance {
    const onLost = (packets: number) => {
      counts.lost += packets
    }
    const begun = createUtterance({ user, number: deps.nextNumber(), clock, limits, onLost, onEnd })
    utterance = begun
    deps.onUtterance(begun.spoken)
    return begun
  }

  /** False where it is still one long speech. */
  function mayBegin(): boolean {
    const now = clock.now().getTime()
    if (now >= deafUntil) return true
    deafUntil = now + limits.silenceMs
    return false
  }

  function take(packet: Buffer): void {
    const header = stamps.take()
    if (!header || closed) return
    counts.packets++
    if (source !== header.source) utterance?.renumber()
    source = header.source
    const kind = kindOf(packet)
    if (kind === 'unusable') counts.unusable++
    if (kind === 'sealed') {
      miss(header)
    } else if (kind === 'speech') {
      renewal.readable()
      if (utterance || mayBegin()) (utterance ?? begin()).speech(packet, header)
    } else {
      // Its place in time is kept: what follows it is no gap.
      utterance?.silence(opusSilence, header)
    }
  }

  function miss(header: RtpHeader): void {
    counts.undecryptable++
    renewal.unreadable()
    utterance?.silence(opusSilence, header)
  }

  function subscribe(): void {
    const stream = new Subscription(take)
    stream.on('error', (err) => log.debug({ err, user }, 'a packet could not be decrypted'))
    stream.once('close', () => {
      if (receiver.subscriptions.get(user) === stream) receiver.subscriptions.delete(user)
      if (closed) return
      counts.resubscribed++
      subscribe()
    })
    receiver.subscriptions.set(user, stream)
  }

  subscribe()
  return {
    miss,
    interrupt: () => utterance?.drop(),
    close() {
      closed = true
      utterance?.drop()
      receiver.subscriptions.get(user)?.destroy()
      receiver.subscriptions.delete(user)
    },
  }
}

/** Hands each packet on in the tick in which it arrives, past the buffer of a stream. */
class Subscription extends AudioReceiveStream {
  readonly #take: (packet: Buffer) => void

  constructor(take: (packet: Buffer) => void) {
    super(manual)
    this.#take = take
  }

  override push(packet: Buffer | null): boolean {
    if (packet) this.#take(packet)
    return true
  }
}
