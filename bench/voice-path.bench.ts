import { kindOf } from '../src/adapters/voice/packet-kind.ts'
import { createUtterance } from '../src/adapters/voice/utterance.ts'
import type { Clock } from '../src/kernel/clock.ts'
import { createUtteranceAudio } from '../src/speech/utterance-audio.ts'
import { createTape } from '../src/voice/tape.ts'
import { createDecoding, encodeVoice } from './decode-and-resample.ts'
import { median } from './median.ts'
import type { Figure } from './run.ts'

const SECONDS = 40
const PACKET_MS = 20
const SAMPLES = 960
const ROUNDS = 7
/** The event loop of a bot turns between packets; here, as often as not to wait for nothing. */
const PACKETS_IN_TURN = 10

/**
 * CPU that one speaker costs from the packet as the voice connection hands it over (decrypted, for both alike) to the bytes for a recogniser:
 * Helix's own path, sorted, kept for a second try and put into Ogg, beside one that decodes and resamples to 16 kHz.
 */
export default async function voicePath(): Promise<readonly Figure[]> {
  const packets = encodeVoice(SECONDS)
  await forward(packets)
  decodeAndResample(packets)
  const rounds: { readonly forward: number; readonly decode: number }[] = []
  for (let round = 0; round < ROUNDS; round += 1) rounds.push({ forward: await forward(packets), decode: decodeAndResample(packets) })
  const value = median(rounds.map((round) => round.forward))
  const baseline = median(rounds.map((round) => round.decode))
  const unit = `ms of CPU for a second of speech, medians of ${ROUNDS} alternating runs; limit: a tenth of the baseline`
  return [{ name: 'voice_path_cpu', value, baseline, unit }]
}

/** Milliseconds of CPU for a second of audio. */
async function forward(packets: readonly Uint8Array[]): Promise<number> {
  const clock = packetClock()
  const before = process.cpuUsage()
  const { spoken, ...utterance } = createUtterance({
    user: '1',
    number: 1,
    clock,
    limits: { silenceMs: 500, longestMs: 60_000 },
    onLost: () => {},
    onEnd: () => {},
  })
  const tape = createTape(spoken.packets)
  const audio = createUtteranceAudio({ clock, serial: 1 })
  let bytes = audio.headers().length
  tape.play({
    write(packet) {
      bytes += audio.write(packet)?.length ?? 0
      return true
    },
    end() {
      bytes += audio.end().length
    },
  })
  for (const [index, packet] of packets.entries()) {
    clock.turn()
    if (kindOf(packet) === 'speech') utterance.speech(packet, { sequence: index & 0xffff, timestamp: (index * SAMPLES) >>> 0 })
    if (index % PACKETS_IN_TURN === 0) await null
  }
  await new Promise(setImmediate)
  const { user, system } = process.cpuUsage(before)
  utterance.drop()
  const spokenBytes = packets.reduce((sum, { length }) => sum + length, 0)
  if (bytes < spokenBytes * 0.9) throw new Error(`only ${bytes} of ${spokenBytes} bytes were forwarded`)
  return (user + system) / 1_000 / SECONDS
}

function decodeAndResample(packets: readonly Uint8Array[]): number {
  const decoding = createDecoding()
  const before = process.cpuUsage()
  let samples = 0
  for (const packet of packets) samples += decoding.decode(packet).length
  const { user, system } = process.cpuUsage(before)
  decoding.close()
  if (samples !== SECONDS * 16_000) throw new Error(`${samples} samples`)
  return (user + system) / 1_000 / SECONDS
}

/** Goes on by a packet's length with each one. */
function packetClock(): Clock & { turn(): void } {
  let now = 0
  return {
    now: () => new Date(now),
    sleep: (_, signal) => new Promise((resolve) => signal?.addEventListener('abort', () => resolve(), { once: true })),
    turn() {
      now += PACKET_MS
    },
  }
}
