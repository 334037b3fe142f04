import { opusRate, opusSamples, opusSilence } from '#src/speech/opus-packet.ts'

/** What an RTP header says of a packet: RFC 3550, section 5.1. */
export interface RtpStamp {
  /** 16 bits, counts packets. */
  readonly sequence: number
  /** 32 bits, counts samples at 48 kHz. */
  readonly timestamp: number
}

export interface PacketOrder {
  push(packet: Uint8Array, stamp: RtpStamp): void
  /** Nothing more comes: what still waits for others is passed on. */
  flush(): void
}

export interface PacketOrderDeps {
  /** Packets in the order they were spoken; where some are missing, or the speaker paused, silence. */
  readonly pass: (packet: Uint8Array) => void
  readonly onLost: (packets: number) => void
}

interface Waiting {
  readonly packet: Uint8Array
  readonly stamp: RtpStamp
}

/** So many wait for one that is missing: 100 ms. Longer, and whoever sends it on in real time would take it for a pause. */
const MOST_WAITING = 5
/** Which one is the first is known when a few are there. */
const START_WAITING = 3
/** The numbers begin anew: no network holds a packet back for that long. */
const RESTART = 500
const SILENCE_SAMPLES = opusRate / 50
/** Of silence in one gap: two seconds. A longer one is no gap, but another time base. */
const MOST_SILENCE = 100

/** UDP loses packets and swaps them. What arrives in order passes at once; what is ahead waits for what is missing, but not for long. */
export function createPacketOrder({ pass, onLost }: PacketOrderDeps): PacketOrder {
  const waiting: Waiting[] = []
  /** Number and time of the packet that comes next; undefined until the first one is known. */
  let next: RtpStamp | undefined

  function send({ packet, stamp }: Waiting): void {
    if (next) fillGap(next, stamp)
    pass(packet)
    next = { sequence: (stamp.sequence + 1) & 0xffff, timestamp: (stamp.timestamp + (opusSamples(packet) ?? 0)) >>> 0 }
  }

  function fillGap(expected: RtpStamp, { sequence, timestamp }: RtpStamp): void {
    const lost = distance(expected.sequence, sequence)
    if (lost > 0) onLost(lost)
    const pause = Math.round(((timestamp - expected.timestamp) | 0) / SILENCE_SAMPLES)
    const silence = Math.max(lost, pause > MOST_SILENCE ? 0 : pause)
    for (let count = 0; count < Math.min(silence, MOST_SILENCE); count++) pass(opusSilence)
  }

  function insert(entry: Waiting): void {
    const { sequence } = entry.stamp
    let at = waiting.length
    while (at > 0 && distance(waiting[at - 1]!.stamp.sequence, sequence) < 0) at--
    if (waiting[at - 1]?.stamp.sequence !== sequence) waiting.splice(at, 0, entry)
  }

  /** Sends what is next, and what waited for too long. */
  function release(most: number): void {
    while (waiting.length > 0) {
      const isNext = next !== undefined && waiting[0]!.stamp.sequence === next.sequence
      if (!isNext && waiting.length <= most) return
      send(waiting.shift()!)
    }
  }

  function flush(): void {
    release(0)
    next = undefined
  }

  return {
    push(packet, stamp) {
      const entry = { packet, stamp }
      const known = next?.sequence ?? waiting[0]?.stamp.sequence
      if (known !== undefined && Math.abs(distance(known, stamp.sequence)) > RESTART) flush()
      if (!next) {
        insert(entry)
        return release(START_WAITING - 1)
      }
      const ahead = distance(next.sequence, stamp.sequence)
      // It was taken for lost, or is there twice.
      if (ahead < 0) return
      if (ahead === 0) send(entry)
      else insert(entry)
      release(MOST_WAITING)
    },
    flush,
  }
}

/** How far the second number is ahead of the first one; they go round at 16 bits. */
function distance(from: number, to: number): number {
  return ((to - from) << 16) >> 16
}
