import { readFileSync } from 'node:fs'
import fc from 'fast-check'
import { describe, expect, test } from 'vitest'
import { audioFacts } from '#src/speech/audio-facts.ts'
import { audioKindOf } from '#src/speech/audio-kind.ts'
import { createWebmReader, readWebm } from '#src/speech/webm.ts'

const fixture = (name: string) => readFileSync(new URL(`fixtures/${name}`, import.meta.url))

describe('a file is what its bytes are', () => {
  test.each([
    ['recorded.webm', 'webm'],
    ['vorbis.ogg', 'ogg'],
    ['stereo.ogg', 'ogg'],
    ['speech.mp3', 'mp3'],
  ])('%s is %s', (name, kind) => expect(audioKindOf(fixture(name))).toBe(kind))
  test.each([
    ['AAC, which begins almost like MP3', Uint8Array.of(0xff, 0xf1, 0x50, 0x80)],
    ['MPEG audio of layer II', Uint8Array.of(0xff, 0xfd, 0x90, 0x00)],
    ['Matroska that is no WebM', Buffer.from('\x1a\x45\xdf\xa3\x88\x42\x82\x88matroska', 'latin1')],
    ['AVI', Buffer.from('RIFF0000AVI LIST')],
    ['nothing', new Uint8Array(0)],
    ['a script', Buffer.from('#!/bin/sh')],
  ])('%s is none of them', (_what, bytes) => expect(audioKindOf(bytes)).toBeUndefined())
})

describe('length and form', () => {
  test('a WebM file without a length in its header, as browsers record: its blocks tell', async () => {
    const webm = readWebm(fixture('recorded.webm'))!
    expect(webm.packets.length).toBeGreaterThan(50)
    expect(await audioFacts(fixture('recorded.webm'))).toMatchObject({ codec: 'OPUS', channels: 1, durationMs: webm.durationMs })
    expect(webm.durationMs).toBeCloseTo(webm.packets.length * 20, -2)
  })
  test('a WebM recording that comes in pieces has the same packets, wherever it is cut; what is none is refused', () => {
    const file = fixture('recorded.webm')
    const whole = readWebm(file)!.packets
    fc.assert(
      fc.property(fc.array(fc.integer({ min: 1, max: 4_000 }), { minLength: 1, maxLength: 20 }), (sizes) => {
        const reader = createWebmReader()
        const packets: Uint8Array[] = []
        for (let at = 0, piece = 0; at < file.length; at += sizes[piece++ % sizes.length]!)
          packets.push(...(reader.push(file.subarray(at, at + sizes[piece % sizes.length]!)) ?? []))
        expect(packets.length).toBe(whole.length)
        expect(Buffer.concat(packets).equals(Buffer.concat(whole))).toBe(true)
      }),
      { numRuns: 40 },
    )
    expect(createWebmReader().push(fixture('speech.mp3'))).toBeUndefined()
  })
  test('stereo Ogg, Vorbis and MP3', async () => {
    expect(await audioFacts(fixture('stereo.ogg'))).toMatchObject({ codec: 'Opus', channels: 2 })
    expect(await audioFacts(fixture('vorbis.ogg'))).toMatchObject({ codec: 'Vorbis I' })
    expect(await audioFacts(fixture('speech.mp3'))).toMatchObject({ codec: 'MPEG 2 Layer 3', channels: 1 })
  })
  test.each(['recorded.webm', 'stereo.ogg', 'speech.mp3'])('%s, damaged anywhere: read or refused, never thrown at', async (name) => {
    await fc.assert(
      fc.asyncProperty(fc.nat(3_000), fc.uint8Array({ minLength: 1, maxLength: 8 }), fc.boolean(), async (at, bytes, cut) => {
        const file = Buffer.from(fixture(name))
        file.set(bytes.subarray(0, Math.max(0, file.length - at)), Math.min(at, file.length))
        const damaged = cut ? file.subarray(0, at) : file
        readWebm(damaged)
        const facts = await audioFacts(damaged)
        if (facts) expect(Number.isFinite(facts.durationMs)).toBe(true)
      }),
      { numRuns: 60 },
    )
  })
})
