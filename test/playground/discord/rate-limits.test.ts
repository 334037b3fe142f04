import { afterEach, beforeEach, describe, expect, test } from 'vitest'
import { type Stage, setStage } from './refusal-stage.ts'
import { startDiscord, values } from './running-discord.ts'

const limits = ['limit', 'remaining', 'reset', 'reset-after', 'bucket', 'scope', 'global'] as const
const read = (headers: Headers) => Object.fromEntries(limits.map((name) => [name, headers.get(`x-ratelimit-${name}`)]))

describe('rate limits', () => {
  let stage: Stage
  beforeEach(async () => {
    stage = await setStage()
  })
  afterEach(() => stage.close())
  const send = (channel = stage.general) => stage.rest('POST', `/channels/${channel}/messages`, { content: 'a' })

  test('every answer tells how much is left, and until when', async () => {
    const first = read((await send()).headers)
    expect(first).toMatchObject({ limit: '5', remaining: '4', 'reset-after': '5.000', scope: null, global: null })
    expect(Number(first.reset) * 1000).toBe(stage.wire.now().getTime() + 5000)
    await stage.wire.turn(1_000)
    expect(read((await send()).headers)).toMatchObject({ remaining: '3', 'reset-after': '4.000', bucket: first.bucket })
  })

  test('over the limit: 429 with Retry-After, scope and a body that says the same, until the window ends', async () => {
    for (let sent = 0; sent < 5; sent++) await send()
    const refused = await send()
    expect([refused.status, refused.headers.get('retry-after'), read(refused.headers).scope]).toEqual([429, '5', 'user'])
    expect(refused.body).toMatchObject({ retry_after: 5, global: false })
    await stage.wire.turn(5_000)
    expect((await send()).status).toBe(200)
  })

  test('each channel has its own', async () => {
    for (let sent = 0; sent < 5; sent++) await send()
    expect((await send(stage.user.channel('ops'))).status).toBe(200)
  })

  test('the global limit says that it is', async () => {
    const answers = await Promise.all(Array.from({ length: 51 }, () => stage.rest('GET', '/users/@me')))
    const refused = answers.find(({ status }) => status === 429)
    expect(read(refused?.headers ?? new Headers())).toMatchObject({ global: 'true', scope: 'global' })
    expect(refused?.body.global).toBe(true)
  })

  test('callbacks and webhooks stand outside the global limit; an interaction has five in two seconds', async () => {
    const { callback, webhook } = await stage.interaction()
    await Promise.all(Array.from({ length: 51 }, () => stage.rest('GET', '/users/@me')))
    expect((await stage.rest('POST', callback, { type: 5 })).status).toBe(204)
    const edits = await Promise.all(Array.from({ length: 6 }, () => stage.rest('PATCH', `${webhook}/messages/@original`, { content: 'a' })))
    expect(edits.filter(({ status }) => status === 200)).toHaveLength(5)
  })

  test('a name changes twice in ten minutes', async () => {
    await stage.fault('clear')
    const { id } = (await stage.rest('POST', `${(await stage.message()).path}/threads`, { name: 'a' })).body
    const rename = (name: string) => stage.rest('PATCH', `/channels/${id}`, { name })
    expect([(await rename('b')).status, (await rename('c')).status, (await rename('d')).status]).toEqual([200, 200, 429])
    await stage.wire.turn(600_000)
    expect((await rename('d')).status).toBe(200)
  })
})

test('unmodified discord.js keeps within the limits by what it is told: twelve messages, not one 429', async () => {
  const discord = await startDiscord()
  const bot = await discord.bot()
  const user = await discord.user()
  const channel = await bot.channels.fetch(user.channel('ops'))
  if (!channel?.isSendable()) throw new Error('no text channel')
  await Promise.all(Array.from({ length: 12 }, (_, index) => channel.send(`${index}`)))
  expect(discord.lines.map((line) => JSON.parse(line).status)).not.toContain(429)
  expect((await user.messages('ops')).map(({ content }) => content)).toHaveLength(12)
  expect(bot.application.id).toBe(values.applicationId)
  await discord.close()
})
