import { readFileSync } from 'node:fs'
import fc from 'fast-check'
import { parseBuffer } from 'music-metadata'
import { describe, expect, test } from 'vitest'
import { createOggOpusMuxer } from '#src/speech/ogg-opus-muxer.ts'
import { createOggReader, isOpusHeader, NotOgg, opusPacketsOf } from '#src/speech/ogg-reader.ts'
import { isOpusSilence, opusSamples, opusSilence } from '#src/speech/opus-packet.ts'

const clip = readFileSync(new URL('../../services/voice-processor/test-clip.ogg', import.meta.url))
const spoken = opusPacketsOf(clip)!

function mux(packets: readonly Uint8Array[], everyPackets = 5): Uint8Array {
  const ogg = createOggOpusMuxer({ serial: 7 })
  const pages = [ogg.headers()]
  for (const packet of packets) {
    ogg.write(packet)
    if (ogg.pending >= everyPackets) pages.push(ogg.flush()!)
  }
  return Buffer.concat([...pages, ogg.flush(true)!])
}

/** A code of 20 ms (CELT, one frame), and whatever follows it. */
const packet = fc.uint8Array({ minLength: 0, maxLength: 1_200 }).map((rest) => Uint8Array.from([0xf8, ...rest]))

describe('the muxer', () => {
  test('what it writes another program reads as Opus, as long as the packets are', async () => {
    const { format } = await parseBuffer(mux(spoken), undefined, { duration: true })
    expect(format).toMatchObject({ container: 'Ogg', codec: 'Opus', numberOfChannels: 1, sampleRate: 48_000 })
    // Its own delay of 312 samples is not counted.
    expect(format.duration).toBeCloseTo((spoken.length * 960 - 312) / 48_000, 4)
  })
  test('a pause is packets of silence: the stream is longer by it', async () => {
    const ogg = createOggOpusMuxer({ serial: 7 })
    const start = ogg.headers()
    for (const each of spoken) ogg.write(each)
    ogg.silence(2_005)
    expect(ogg.durationMs).toBe(spoken.length * 20 + 2_000)
    const { format } = await parseBuffer(Buffer.concat([start, ogg.flush(true)!]), undefined, { duration: true })
    expect(format.duration).toBeCloseTo((spoken.length * 960 + 96_000 - 312) / 48_000, 4)
  })
  test('every packet comes back, whatever their sizes and however many wait for a page', () => {
    fc.assert(
      fc.property(fc.array(packet, { maxLength: 60 }), fc.integer({ min: 1, max: 60 }), (packets, every) => {
        expect(opusPacketsOf(mux(packets, every))).toEqual(packets.map((each) => Buffer.from(each)))
      }),
    )
  })
  test('what is no Opus packet is not taken', () => {
    const ogg = createOggOpusMuxer({ serial: 7 })
    expect(ogg.write(new Uint8Array(0))).toBe(false)
    expect(ogg.write(Uint8Array.of(0x03))).toBe(false)
    expect(ogg.flush()).toBeUndefined()
  })
})

describe('the reader', () => {
  test('finds the same packets however the stream is cut', () => {
    fc.assert(
      fc.property(fc.array(fc.integer({ min: 1, max: 3_000 }), { minLength: 1, maxLength: 30 }), (cuts) => {
        const reader = createOggReader()
        const found: Uint8Array[] = []
        let at = 0
        for (const size of cuts) {
          found.push(...reader.push(clip.subarray(at, at + size)))
          at += size
        }
        found.push(...reader.push(clip.subarray(at)))
        expect(found.filter((each) => !isOpusHeader(each))).toEqual(spoken)
      }),
      { numRuns: 25 },
    )
  })
  test('a damaged page is not taken for audio', () => {
    const damaged = Buffer.from(clip)
    damaged[2_000]! ^= 1
    expect(() => createOggReader().push(damaged)).toThrow(NotOgg)
    expect(opusPacketsOf(damaged)).toBeUndefined()
  })
  test('any bytes are read or refused', () => {
    fc.assert(
      fc.property(fc.uint8Array({ maxLength: 400 }), fc.boolean(), (bytes, begins) => {
        opusPacketsOf(begins ? Buffer.concat([Buffer.from('OggS'), bytes]) : bytes)
      }),
    )
  })
})

test('packets say how long they are; silence is told from speech', () => {
  expect(opusSamples(opusSilence)).toBe(960)
  expect(opusSamples(Uint8Array.of(0x00))).toBe(480)
  expect(opusSamples(Uint8Array.of(0x19))).toBe(5_760)
  expect(opusSamples(Uint8Array.of(0xfb, 3))).toBe(2_880)
  expect(opusSamples(Uint8Array.of(0xfb, 0))).toBeUndefined()
  expect([opusSilence, Uint8Array.of(0xf8), spoken[40]!].map(isOpusSilence)).toEqual([true, true, false])
})
