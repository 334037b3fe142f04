import { randomInt } from 'node:crypto'
import type { Clock } from '#src/kernel/clock.ts'
import { UserError } from '#src/kernel/errors.ts'
import { opusRate, opusSamples, opusSilence } from '#src/speech/opus-packet.ts'
import type { Network } from './network.ts'
import type { RtpFields } from './rtp.ts'

/** Opus packets, as they come. */
export type PacketSource = Iterable<Uint8Array> | AsyncIterable<Uint8Array>

export interface Spoken {
  readonly packets: number
  readonly durationMs: number
  /** The member left, or somebody had it stop. */
  readonly interrupted: boolean
}

export interface TalkerDeps {
  readonly wire: Clock
  readonly network: Network
  /** End-to-end encryption; undefined where the packet cannot be sent at this moment. */
  encrypt(packet: Buffer): Buffer | undefined
  /** Muted, or without the permission: packets go nowhere, time passes. */
  mayBeHeard(): boolean
  speaking(on: boolean): void
  send(fields: RtpFields, frame: Buffer): void
}

/** A member's microphone, as Discord's own client plays it: packets in their time, and five of silence when it ends. */
export interface Talker {
  readonly ssrc: number
  readonly isSpeaking: boolean
  /** Speaks after what is being said already. Resolves when the last packet was sent. Throws UserError where too much waits. */
  speak(source: PacketSource): Promise<Spoken>
  close(): void
}

/** Between the word that somebody speaks and the first packet: the one goes over TCP, the other over UDP. */
const leadMs = 20
const silencePackets = 5
/** What a member has still to say, at most. */
const mostWaiting = 8
/** A source that brings nothing for so long made a pause; it does not catch up. */
const starvedMs = 100
const frameMs = 20

export function createTalker({ wire, network, encrypt, mayBeHeard, speaking, send }: TalkerDeps): Talker {
  const over = new AbortController()
  const ssrc = randomInt(1, 2 ** 31)
  let sequence = randomInt(0, 2 ** 16)
  let timestamp = randomInt(0, 2 ** 32)
  let last: Promise<unknown> = Promise.resolve()
  let isSpeaking = false
  let ended = 0
  let waiting = 0

  const now = () => wire.now().getTime()

  function pass(ms: number): void {
    timestamp = (timestamp + Math.round((Math.max(0, ms) * opusRate) / 1_000)) % 2 ** 32
  }

  function put(packet: Buffer, encrypted: boolean): void {
    sequence = (sequence + 1) % 2 ** 16
    const frame = encrypted ? encrypt(network.opus(packet)) : packet
    if (frame && mayBeHeard()) send({ sequence, timestamp, ssrc }, encrypted ? network.frame(frame) : frame)
    pass(millisecondsOf(packet))
  }

  function turn(on: boolean): void {
    isSpeaking = on
    speaking(on)
  }

  async function utter(source: PacketSource): Promise<Spoken> {
    if (ended > 0) pass(now() - ended)
    turn(true)
    let due = now() + leadMs
    let packets = 0
    let durationMs = 0
    let asked = now()
    for await (const bytes of source) {
      // Only who had to be waited for made a pause; a machine that was busy catches up.
      if (now() - asked > starvedMs && now() > due) {
        pass(now() - due)
        due = now()
      }
      await wire.sleep(Math.max(0, due - now()), over.signal)
      if (over.signal.aborted) break
      const packet = Buffer.from(bytes)
      put(packet, true)
      packets += 1
      durationMs += millisecondsOf(packet)
      due += millisecondsOf(packet)
      asked = now()
    }
    // Never encrypted end to end: the server and the clients know it.
    for (let count = 0; count < silencePackets && !over.signal.aborted; count++) {
      await wire.sleep(Math.max(0, due - now()), over.signal)
      put(Buffer.from(opusSilence), false)
      due += frameMs
    }
    turn(false)
    ended = now()
    return { packets, durationMs, interrupted: over.signal.aborted }
  }

  return {
    ssrc,
    get isSpeaking() {
      return isSpeaking
    },
    speak(source) {
      if (waiting >= mostWaiting) throw new UserError('This member has much to say already: wait until it was said.')
      waiting += 1
      const spoken = last.then(() => (over.signal.aborted ? { packets: 0, durationMs: 0, interrupted: true } : utter(source)))
      last = spoken
        .catch(() => {}) // Told to whoever speaks; the next one may.
        .finally(() => {
          waiting -= 1
        })
      return spoken
    },
    close: () => over.abort(),
  }
}

/** What is no Opus takes the time of a packet all the same. */
function millisecondsOf(packet: Uint8Array): number {
  return ((opusSamples(packet) ?? (opusRate * frameMs) / 1_000) * 1_000) / opusRate
}
