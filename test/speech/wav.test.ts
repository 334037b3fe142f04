import fc from 'fast-check'
import { describe, expect, test } from 'vitest'
import { aLawOf, fromALaw, fromMuLaw, muLawOf } from '#src/speech/g711.ts'
import { linear16Of, monoSamples, readWav, samplesOfLinear16, type Wav, wavSeconds, writeWav } from '#src/speech/wav.ts'

const samples = fc.array(fc.integer({ min: -32_768, max: 32_767 }), { minLength: 1, maxLength: 200 }).map((each) => Int16Array.from(each))
const pcm = (data: Uint8Array, more: Partial<Wav> = {}) =>
  writeWav({ sampleRate: 16_000, channels: 1, bits: 16, format: 'pcm', data, ...more })

describe('WAVE files', () => {
  test('samples come back as they went in', () => {
    fc.assert(
      fc.property(samples, fc.constantFrom(8_000, 16_000, 44_100, 48_000), (given, sampleRate) => {
        const wav = readWav(pcm(linear16Of(given), { sampleRate }))!
        expect([monoSamples(wav), wav.sampleRate, wavSeconds(wav)]).toEqual([given, sampleRate, given.length / sampleRate])
      }),
    )
  })
  test.each([
    ['8 bit', { bits: 8 }, Uint8Array.of(0, 128, 255), [-32_768, 0, 32_512]],
    ['24 bit', { bits: 24 }, Uint8Array.of(0, 0, 128, 0, 1, 0, 255, 255, 127), [-32_768, 1, 32_767]],
    ['32 bit', { bits: 32 }, Uint8Array.of(0, 0, 0, 128, 0, 0, 2, 0), [-32_768, 2]],
    ['float', { bits: 32, format: 'float' }, new Uint8Array(Float32Array.of(-1, 0, 2, Number.NaN).buffer), [-32_767, 0, 32_767, 0]],
    ['stereo', { channels: 2 }, linear16Of(Int16Array.of(100, 300, -5, 5)), [200, 0]],
  ] as const)('%s becomes 16 bit on one channel', (_what, more, data, expected) => {
    expect([...monoSamples(readWav(pcm(data, more))!)]).toEqual(expected)
  })
  test('a header that lies about the length: the file is read as far as it goes', () => {
    const file = Buffer.from(pcm(linear16Of(Int16Array.of(1, 2, 3))))
    file.writeUInt32LE(0xffff_ff00, 40)
    expect([...monoSamples(readWav(file)!)]).toEqual([1, 2, 3])
    file.writeUInt32LE(0, 40)
    expect([...monoSamples(readWav(file)!)]).toEqual([1, 2, 3])
    expect([...monoSamples(readWav(file.subarray(0, 47))!)]).toEqual([1])
  })
  test.each([
    ['no channels', 22, 0],
    ['no rate', 24, 0],
    ['bits that do not exist', 34, 13],
    ['a compression that nobody reads', 20, 85],
  ])('%s: refused', (_what, at, value) => {
    const file = Buffer.from(pcm(linear16Of(Int16Array.of(1, 2, 3))))
    file.writeUInt16LE(value, at)
    if (at === 24) file.writeUInt16LE(0, 26)
    expect(readWav(file)).toBeUndefined()
  })
  test('any bytes are read or refused', () => {
    fc.assert(
      fc.property(fc.uint8Array({ maxLength: 120 }), (bytes) => {
        const wav = readWav(Buffer.concat([Buffer.from('RIFF0000WAVEfmt \x10\0\0\0', 'latin1'), bytes]))
        if (wav) monoSamples(wav)
      }),
    )
  })
})

describe('G.711', () => {
  test('known values of the standard', () => {
    expect([...muLawOf(Int16Array.of(0, -32_768, 32_767, 1_000))]).toEqual([0xff, 0x00, 0x80, 0xce])
    expect([...fromMuLaw(Uint8Array.of(0xff, 0x00, 0x80))]).toEqual([0, -32_124, 32_124])
    expect([...aLawOf(Int16Array.of(0, -32_768, 32_767, 1_000))]).toEqual([0xd5, 0x2a, 0xaa, 0xfa])
    expect([...fromALaw(Uint8Array.of(0xd5, 0x2a, 0xaa))]).toEqual([8, -32_256, 32_256])
  })
  test.each([
    ['µ-law', muLawOf, fromMuLaw],
    ['A-law', aLawOf, fromALaw],
  ] as const)('%s: what comes back is near, and the same when sent again', (_what, encode, decode) => {
    fc.assert(
      fc.property(samples, (given) => {
        const heard = decode(encode(given))
        for (const [index, sample] of given.entries()) {
          expect(Math.abs(heard[index]! - sample)).toBeLessThanOrEqual(Math.max(16, Math.abs(sample) / 16 + 8))
        }
        expect(decode(encode(heard))).toEqual(heard)
      }),
    )
  })
})

test('LINEAR16 is little-endian', () => {
  expect([...linear16Of(Int16Array.of(1, -2))]).toEqual([1, 0, 0xfe, 0xff])
  expect([...samplesOfLinear16(Uint8Array.of(1, 0, 0xfe, 0xff, 9))]).toEqual([1, -2])
})
