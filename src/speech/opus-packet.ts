const SILK_SAMPLES = [480, 960, 1920, 2880]
const HYBRID_SAMPLES = [480, 960]
const CELT_SAMPLES = [120, 240, 480, 960]
const LONGEST_SAMPLES = 5_760

/** What Opus counts in, whatever was encoded: samples a second. */
export const opusRate = 48_000

/** One packet of 20 ms of silence, as Discord ends a burst with. */
export const opusSilence: Uint8Array = Uint8Array.of(0xf8, 0xff, 0xfe)

/** How long a packet lasts, in samples at 48 kHz; undefined where it is no Opus packet. RFC 6716, section 3.1. */
export function opusSamples(packet: Uint8Array): number | undefined {
  const [toc, frames = 0] = packet
  if (toc === undefined) return undefined
  const config = toc >> 3
  const code = toc & 3
  const perFrame = config < 12 ? SILK_SAMPLES[config & 3]! : config < 16 ? HYBRID_SAMPLES[config & 1]! : CELT_SAMPLES[config & 3]!
  const count = code === 0 ? 1 : code < 3 ? 2 : frames & 63
  const samples = perFrame * count
  return samples > 0 && samples <= LONGEST_SAMPLES ? samples : undefined
}

/** True of the silence packet, and of one that says "nothing changed" (DTX: the table of contents alone). */
export function isOpusSilence(packet: Uint8Array): boolean {
  return packet.length <= 2 || (packet.length === 3 && opusSilence.every((byte, index) => packet[index] === byte))
}
