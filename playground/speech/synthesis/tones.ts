import type { Speaker } from './speaker.ts'

const RATE = 24_000
const LETTER_SECONDS = 0.065
const PAUSE_SECONDS = 0.05
const LOUDNESS = 6_000

/** Where no synthesiser is installed: a tone for each letter, so that every text has a sound and a length of its own. */
export const tones: Speaker = {
  name: 'tones',
  async speak({ text, speed }) {
    const letters = [...text]
    const lengths = letters.map((letter) => Math.round(((/[\p{L}\p{N}]/u.test(letter) ? LETTER_SECONDS : PAUSE_SECONDS) / speed) * RATE))
    const samples = new Int16Array(lengths.reduce((sum, length) => sum + length, 0))
    let at = 0
    for (const [index, letter] of letters.entries()) {
      const length = lengths[index]!
      if (/[\p{L}\p{N}]/u.test(letter)) sound(samples.subarray(at, at + length), 110 + (letter.codePointAt(0)! % 64) * 6)
      at += length
    }
    return { samples, rate: RATE }
  },
}

/** A voiced sound of that pitch, soft at both ends. */
function sound(samples: Int16Array, pitch: number): void {
  for (let index = 0; index < samples.length; index++) {
    const phase = (2 * Math.PI * pitch * index) / RATE
    const wave = Math.sin(phase) + Math.sin(2 * phase) / 2 + Math.sin(3 * phase) / 3
    samples[index] = Math.round(LOUDNESS * wave * Math.sin((Math.PI * index) / samples.length))
  }
}
