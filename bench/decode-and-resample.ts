import OpusScript from 'opusscript'

const RATE = 48_000
const CHANNELS = 2
const FRAME = 960
const FACTOR = 3
const TAPS = 48
const OPUS_SET_BITRATE = 4_002

/** What a bot does that hands bare samples to a recogniser: libopus to 48 kHz stereo, a low pass, every third sample at 16 kHz mono. */
export interface Decoding {
  /** 320 samples of 16 bits. */
  decode(packet: Uint8Array): Int16Array
  close(): void
}

export function createDecoding(): Decoding {
  const decoder = new OpusScript(RATE, CHANNELS, OpusScript.Application.VOIP)
  const taps = lowPass()
  /** The end of the frame before, then the frame itself; one channel. */
  const mono = new Float32Array(TAPS + FRAME)

  return {
    decode(packet) {
      const decoded = decoder.decode(packet as Buffer)
      const samples = new Int16Array(decoded.buffer, decoded.byteOffset, decoded.length / 2)
      mono.copyWithin(0, FRAME)
      for (let at = 0; at < FRAME; at++) mono[TAPS + at] = (samples[2 * at]! + samples[2 * at + 1]!) / 2
      const resampled = new Int16Array(FRAME / FACTOR)
      for (let out = 0; out < resampled.length; out++) {
        let sum = 0
        for (let tap = 0; tap < TAPS; tap++) sum += mono[out * FACTOR + tap]! * taps[tap]!
        resampled[out] = sum
      }
      return resampled
    },
    close: () => decoder.delete(),
  }
}

/** A windowed sinc (Hamming) at 7 kHz. */
function lowPass(): Float32Array {
  const cut = 7_000 / RATE
  const taps = Float32Array.from({ length: TAPS }, (_, index) => {
    const at = index - (TAPS - 1) / 2
    return (Math.sin(2 * Math.PI * cut * at) / (Math.PI * at)) * (0.54 - 0.46 * Math.cos((2 * Math.PI * index) / (TAPS - 1)))
  })
  const sum = taps.reduce((all, tap) => all + tap, 0)
  return taps.map((tap) => tap / sum)
}

/** Packets as Discord's clients send them: 20 ms, 48 kHz, stereo, 64 kbit/s. A voice of harmonics that rise and fall, with breath. */
export function encodeVoice(seconds: number): readonly Uint8Array[] {
  const encoder = new OpusScript(RATE, CHANNELS, OpusScript.Application.VOIP)
  encoder.encoderCTL(OPUS_SET_BITRATE, 64_000)
  const packets: Uint8Array[] = []
  let phase = 0
  for (let start = 0; start < seconds * RATE; start += FRAME) {
    const frame = new Int16Array(FRAME * CHANNELS)
    for (let at = 0; at < FRAME; at++) {
      const time = (start + at) / RATE
      phase += (2 * Math.PI * (140 + 40 * Math.sin(2 * Math.PI * 0.7 * time))) / RATE
      const loudness = 4_000 * (1 + Math.sin(2 * Math.PI * 3 * time))
      const voice = [1, 2, 3, 5, 8].reduce((sum, harmonic) => sum + Math.sin(phase * harmonic) / harmonic, 0)
      const sample = loudness * (voice / 2 + 0.1 * Math.sin(at * at * 12.9898))
      frame[2 * at] = sample
      frame[2 * at + 1] = sample
    }
    packets.push(Uint8Array.from(encoder.encode(Buffer.from(frame.buffer), FRAME)))
  }
  encoder.delete()
  return packets
}
