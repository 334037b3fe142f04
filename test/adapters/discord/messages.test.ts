import { afterEach, describe, expect, test } from 'vitest'
import type { MessageBody } from '#src/adapters/discord/discord.ts'
import { createDiscordMessages } from '#src/adapters/discord/messages.ts'
import { UpstreamError } from '#src/kernel/errors.ts'
import { quietLog } from '#test/support/quiet-log.ts'
import { openWire, type Reply, type Seen, type Wire } from './wire.ts'

const channel = '500000000000000001'
const message = '400000000000000001'
const body: MessageBody = { content: 'Done.', embeds: [{ title: 'T' }], components: [] }
const standing = { status: 200, json: { id: message, channel_id: channel } }

let wire: Wire
afterEach(() => wire.close())

async function messages(reply: (seen: Seen, count: number) => Reply) {
  let count = 0
  wire = await openWire({ reply: (seen) => reply(seen, ++count) })
  return createDiscordMessages({ token: 'a-token', apiUrl: wire.apiUrl, log: quietLog() })
}

async function faultOf(promise: Promise<unknown>) {
  const error = await promise.then(
    () => undefined,
    (caught: unknown) => caught,
  )
  if (!(error instanceof UpstreamError)) throw new Error(`no UpstreamError: ${error}`)
  return { ...error.fault, message: error.message }
}

test('a message is created with its nonce enforced, and mentions nobody', async () => {
  const { create } = await messages(() => standing)
  expect(await create(channel, body, 'n-1')).toEqual({ channel, message })
  expect(wire.seen).toMatchObject([
    {
      method: 'POST',
      path: `/channels/${channel}/messages`,
      headers: { authorization: 'Bot a-token' },
      body: { content: 'Done.', nonce: 'n-1', enforce_nonce: true, allowed_mentions: { parse: [] }, attachments: [] },
    },
  ])
})

test('an edit lists its attachments, so that files that are gone go', async () => {
  const { edit } = await messages(() => standing)
  await edit({ channel, message }, body)
  expect(wire.seen).toMatchObject([
    { method: 'PATCH', path: `/channels/${channel}/messages/${message}`, body: { allowed_mentions: { parse: [] }, attachments: [] } },
  ])
})

test('files travel as multipart, with their description as alt text', async () => {
  const { create } = await messages(() => standing)
  const files = [
    { name: 'chart.png', data: new Uint8Array([1, 2, 3]), description: 'CPU over time' },
    { name: 'all.txt', data: new TextEncoder().encode('the whole'), description: 'All of it' },
  ]
  await create(channel, { ...body, files }, 'n-2')
  const [seen] = wire.seen
  expect(seen!.body).toMatchObject({
    attachments: [
      { id: '0', filename: 'chart.png', description: 'CPU over time' },
      { id: '1', filename: 'all.txt', description: 'All of it' },
    ],
  })
  expect(seen!.parts['files[0]']!.filename).toBe('chart.png')
  expect(seen!.parts['files[1]']).toEqual({ filename: 'all.txt', text: 'the whole' })
})

describe('what goes wrong is told apart', () => {
  test('a missing permission is refused, with the code and what to do', async () => {
    const { create } = await messages(() => ({ status: 403, json: { code: 50013, message: 'Missing Permissions' } }))
    expect(await faultOf(create(channel, body, 'n'))).toEqual({
      provider: 'Discord',
      operation: 'create_message',
      outcome: 'refused',
      retryable: false,
      status: 403,
      code: 50013,
      message:
        'Helix lacks a permission there: give it View Channel, Send Messages, Embed Links and Attach Files. (50013: Missing Permissions)',
    })
  })

  test('an error of Discord is tried once more at once, then ambiguous and worth another try', async () => {
    const { create } = await messages(() => ({ status: 502, text: '<html>' }))
    expect(await faultOf(create(channel, body, 'n'))).toMatchObject({ outcome: 'ambiguous', retryable: true, status: 502 })
    expect(wire.seen).toHaveLength(2)
  })

  test('a cut connection that recovers goes unnoticed, and the message stands once by its nonce', async () => {
    const { create } = await messages((_, count) => (count === 1 ? 'cut' : standing))
    expect(await create(channel, body, 'n-3')).toEqual({ channel, message })
    expect(wire.seen.map((seen) => seen.body!.nonce)).toEqual(['n-3', 'n-3'])
  })

  test('a page in place of an answer is ambiguous', async () => {
    const { create } = await messages(() => ({ status: 200, text: '<html>Welcome</html>' }))
    expect(await faultOf(create(channel, body, 'n'))).toMatchObject({
      outcome: 'ambiguous',
      message: 'Discord gave no usable answer (unreadable answer).',
    })
  })

  test('a block page without JSON is refused', async () => {
    const { create } = await messages(() => ({ status: 403, text: '<html>blocked</html>' }))
    expect(await faultOf(create(channel, body, 'n'))).toMatchObject({
      outcome: 'refused',
      status: 403,
      message: expect.stringContaining('status 403'),
    })
  })

  test('a long rate limit comes back with its time, so that the newest content waits and not this one', async () => {
    const { edit } = await messages(() => ({
      status: 429,
      json: { message: 'slow', retry_after: 30, global: false, code: 30046 },
      headers: { 'retry-after': '30', 'x-ratelimit-scope': 'user' },
    }))
    const fault = await faultOf(edit({ channel, message }, body))
    expect(fault).toMatchObject({ outcome: 'refused', retryable: true, status: 429 })
    expect(fault.retryAfterMs).toBeGreaterThan(29_000)
  })

  test('one 401 does not silence the process: the token is sent again', async () => {
    const { create } = await messages((_, count) =>
      count === 1 ? { status: 401, json: { code: 0, message: '401: Unauthorized' } } : standing,
    )
    expect(await faultOf(create(channel, body, 'n'))).toMatchObject({
      outcome: 'refused',
      status: 401,
      message: 'Discord refused the bot token.',
    })
    expect(await create(channel, body, 'n')).toEqual({ channel, message })
  })
})
