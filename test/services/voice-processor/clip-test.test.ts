import { afterAll, beforeAll, describe, expect, test } from 'vitest'
import { WebSocket } from 'ws'
import { handClock } from '#test/playground/discord/hand-clock.ts'
import { tokenFor } from '#test/support/service.ts'
import { type RunningVoice, sentence, startVoice } from './running.ts'

describe('GET /api/transcribe/test', () => {
  const clock = handClock()
  let voice: RunningVoice
  beforeAll(async () => {
    voice = await startVoice({ clock })
  })
  afterAll(() => voice.stop())
  const test_ = () => voice.ask('GET', '/api/transcribe/test')

  test('transcribes its clip, once for as many as ask within five minutes', async () => {
    const answers = await Promise.all([test_(), test_(), test_()])
    for (const { status, body } of answers) {
      expect([status, body]).toEqual([
        200,
        expect.objectContaining({ status: 'success', test: sentence, expected: sentence, confidence: 0.95 }),
      ])
    }
    await clock.turn(299_000)
    await test_()
    expect(voice.google.heard()).toHaveLength(1)
  })
  test('says failed where Google fails, and soon looks again', async () => {
    await clock.turn(2_000)
    await voice.google.fault('refuse', { kind: 'permission' })
    expect((await test_()).body).toMatchObject({ status: 'failed', test: expect.stringContaining('refused') })
    expect((await test_()).body.status).toBe('failed')
    await clock.turn(31_000)
    expect((await test_()).body.status).toBe('success')
  })
})

describe('without credentials', () => {
  let voice: RunningVoice
  beforeAll(async () => {
    voice = await startVoice({ configured: false })
  })
  afterAll(() => voice.stop())

  test('it runs, and health says unconfigured', async () => {
    expect(await voice.ask('GET', '/health')).toMatchObject({
      status: 200,
      body: { status: 'healthy', components: { speech: { status: 'unconfigured' } } },
    })
    expect((await voice.ask('GET', '/api/transcribe/test')).body).toMatchObject({
      status: 'unconfigured',
      test: expect.stringContaining('GOOGLE_CLOUD_KEY'),
    })
  })
  test.each([
    ['/api/transcribe', { audio_data: 'AAAA' }],
    ['/api/synthesize', { text: 'x' }],
    ['/api/voice-command', { audio_data: 'AAAA' }],
    ['/api/process-audio', new FormData()],
  ])('%s: 503, and what to set', async (path, body) => {
    const answer = await voice.ask('POST', path, body)
    expect(answer).toMatchObject({ status: 503, body: { detail: expect.stringContaining('GOOGLE_CLOUD_KEY') } })
  })
  test('a command as text needs no recogniser', async () => {
    expect((await voice.ask('POST', '/api/voice-command', { text: 'restart web' })).status).toBe(200)
  })
  test('the WebSocket is refused with 503', async () => {
    const socket = new WebSocket(`${voice.url.replace('http', 'ws')}/ws/transcribe`, {
      headers: { authorization: `Bearer ${tokenFor({ sub: 'x' })}` },
    })
    const error = await new Promise<Error>((resolve) => socket.once('error', resolve))
    expect(error.message).toContain('503')
  })
})

test('Redis away: what was asked is answered, and the event’s loss is logged; the list says so', async () => {
  const voice = await startVoice()
  await voice.redisServer.stop()
  expect((await voice.ask('POST', '/api/voice-command', { text: 'restart web' })).status).toBe(200)
  expect(voice.lines.join('\n')).toContain('a voice event could not be published')
  expect((await voice.ask('GET', '/api/events')).status).toBe(503)
  await voice.stop()
})
