import { describe, expect, test } from 'vitest'
import type { IncomingAutocomplete, IncomingButton, IncomingCommand } from '#src/adapters/discord/discord.ts'
import { InteractionGone } from '#src/kernel/errors.ts'
import { hurriedClock } from '#test/support/hurried-clock.ts'
import { receive, refused } from './connect.ts'
import { application, button, channel, message, slash, token, typing } from './interactions.ts'
import type { Reply } from './wire.ts'

const callback = `/interactions/1200000000000000001/${token}/callback`
const original = `/webhooks/${application}/${token}/messages/@original`
const done = { content: 'Done.', embeds: [], components: [] }
const acknowledged: Reply = { status: 200, json: { interaction: { id: '1', type: 2, response_message_id: message.id } } }

describe('the first answer', () => {
  test.each([
    ['public', { type: 5 }],
    ['ephemeral', { type: 5, data: { flags: 64 } }],
  ] as const)('%s: a loading message, whose id is known', async (answer, body) => {
    const { incoming, sent } = await receive<IncomingCommand>(slash('status'), () => acknowledged)
    expect(await incoming.acknowledge(answer)).toEqual({ channel, message: message.id })
    expect(sent()).toMatchObject([{ method: 'POST', path: `${callback}?with_response=true`, body }])
    expect(sent()[0]!.headers).not.toHaveProperty('authorization')
  })

  test('update: nothing to be seen, the message is the one the button stands on', async () => {
    const { incoming, sent } = await receive<IncomingButton>(button('signed'), () => acknowledged)
    expect(await incoming.acknowledge('update')).toEqual({ channel, message: message.id })
    expect(sent()[0]!.body).toEqual({ type: 6 })
  })

  test.each([
    [40060, 'elsewhere'],
    [10062, 'late'],
  ] as const)('%i: %s, and the door can stop quietly', async (code, why) => {
    const { incoming, sent, log } = await receive<IncomingCommand>(slash('status'), () => refused(code === 40060 ? 400 : 404, code))
    const error = await incoming.acknowledge('public').catch((caught: unknown) => caught)
    expect(error).toBeInstanceOf(InteractionGone)
    expect(error).toMatchObject({ why })
    expect(sent()).toHaveLength(1)
    expect(JSON.stringify(log.lines)).not.toContain(token)
  })

  test('lost on the way: tried once more, and "already acknowledged" then means our own first try', async () => {
    const { incoming, sent } = await receive<IncomingCommand>(slash('status'), (seen, count) => {
      if (seen.method === 'GET') return { status: 200, json: message }
      return count === 1 ? 'cut' : refused(400, 40060)
    })
    expect(await incoming.acknowledge('public')).toEqual({ channel, message: message.id })
    expect(sent().map(({ method, path }) => `${method} ${path.split('?')[0]}`)).toEqual([
      `POST ${callback}`,
      `POST ${callback}`,
      `GET ${original}`,
    ])
  })

  test('an error of Discord is tried once more, and never a third time', async () => {
    const { incoming, sent } = await receive<IncomingCommand>(slash('status'), () => ({ status: 500 }))
    await expect(incoming.acknowledge('public')).rejects.toMatchObject({
      fault: { outcome: 'ambiguous', operation: 'create_interaction_response' },
    })
    expect(sent()).toHaveLength(2)
  })

  test('no answer at all is given up within the 3 s', async () => {
    const { incoming } = await receive<IncomingCommand>(slash('status'), () => 'hang')
    const before = performance.now()
    await expect(incoming.acknowledge('public')).rejects.toMatchObject({ fault: { outcome: 'ambiguous' } })
    expect(performance.now() - before).toBeLessThan(3_000)
  })
})

describe('after it', () => {
  test('the answer edits the message and says where it stands', async () => {
    const { incoming, sent } = await receive<IncomingCommand>(slash('status'), ({ method }) =>
      method === 'PATCH' ? { status: 200, json: message } : acknowledged,
    )
    await incoming.acknowledge('public')
    expect(await incoming.answer(done)).toEqual({ channel, message: message.id })
    expect(sent()[1]).toMatchObject({ method: 'PATCH', path: original, body: { content: 'Done.', allowed_mentions: { parse: [] } } })
  })

  test('a token that is too old is refused with its code, and is not in the error', async () => {
    const { incoming } = await receive<IncomingCommand>(slash('status'), ({ method }) =>
      method === 'PATCH' ? refused(401, 50027) : acknowledged,
    )
    await incoming.acknowledge('public')
    const error = await incoming.answer(done).catch((caught: unknown) => caught)
    expect(error).toMatchObject({ fault: { outcome: 'refused', code: 50027, status: 401 } })
    expect(JSON.stringify(error) + String(error)).not.toContain(token)
    expect((error as Error).cause).toBeUndefined()
  })

  test('a whisper is ephemeral, and a public loading message does not stay behind', async () => {
    const { incoming, sent } = await receive<IncomingCommand>(slash('status'), ({ method }) =>
      method === 'POST' ? acknowledged : { status: 204 },
    )
    await incoming.acknowledge('public')
    await incoming.whisper(done)
    expect(sent().slice(1)).toMatchObject([
      { method: 'DELETE', path: original },
      { method: 'POST', path: `/webhooks/${application}/${token}`, body: { flags: 64, content: 'Done.' } },
    ])
  })

  test('an answer that Discord fails to take again and again is sent until it does', async () => {
    const { incoming, sent } = await receive<IncomingCommand>(
      slash('status'),
      ({ method }, count) => {
        if (method !== 'PATCH') return acknowledged
        // Our client tries twice at once, so this is three times in a row.
        return count <= 7 ? { status: 500 + (count % 4) } : { status: 200, json: message }
      },
      hurriedClock(20),
    )
    await incoming.acknowledge('public')
    expect(await incoming.answer(done)).toEqual({ channel, message: message.id })
    expect(sent()).toHaveLength(8)
  })

  test('an answer that must wait is sent when Discord says so', async () => {
    const clock = hurriedClock(20)
    const at: Date[] = []
    const { incoming } = await receive<IncomingCommand>(
      slash('status'),
      ({ method }) => {
        if (method !== 'PATCH') return acknowledged
        at.push(clock.now())
        const limited = { status: 429, headers: { 'retry-after': '7' }, json: { message: 'slow', retry_after: 7, global: false } }
        return at.length === 1 ? limited : { status: 200, json: message }
      },
      clock,
    )
    await incoming.acknowledge('public')
    await incoming.answer(done)
    expect(at).toHaveLength(2)
    expect(at[1]!.getTime() - at[0]!.getTime()).toBeGreaterThanOrEqual(6_900)
  })

  test('a whisper that may have arrived is sent three times at most', async () => {
    const { incoming, sent } = await receive<IncomingButton>(
      button('x'),
      ({ path }) => (path.startsWith('/webhooks') ? { status: 502 } : acknowledged),
      hurriedClock(20),
    )
    await incoming.acknowledge('update')
    await expect(incoming.whisper(done)).rejects.toMatchObject({ fault: { outcome: 'ambiguous', retryable: false } })
    expect(sent().filter(({ path }) => path.startsWith('/webhooks'))).toHaveLength(3)
  })

  test('a loading message that is gone already keeps no whisper back', async () => {
    const { incoming, sent } = await receive<IncomingCommand>(slash('status'), ({ method }) =>
      method === 'POST' ? acknowledged : refused(404, 10008),
    )
    await incoming.acknowledge('public')
    await incoming.whisper(done)
    expect(sent().at(-1)).toMatchObject({ method: 'POST', body: { content: 'Done.' } })
  })
})

describe('suggestions', () => {
  const service = [{ type: 3, name: 'service', value: 'a', focused: true }]

  test('at most 25, with names and values that Discord takes', async () => {
    const { incoming, sent } = await receive<IncomingAutocomplete>(typing('deploy', service))
    expect(incoming).toMatchObject({ kind: 'autocomplete', command: 'deploy', focused: 'service', typed: 'a' })
    const many = Array.from({ length: 30 }, (_, at) => ({
      name: at === 1 ? '👍'.repeat(60) : `Service ${at}`,
      value: at === 2 ? 'x'.repeat(101) : `${at}`,
    }))
    await incoming.respond(many)
    const { type, data } = sent()[0]!.body as { type: number; data: { choices: readonly { name: string; value: string }[] } }
    expect(type).toBe(8)
    expect(data.choices).toHaveLength(25)
    expect(data.choices[1]!.name).toBe(`${'👍'.repeat(49)}…`)
    expect(data.choices.some(({ value }) => value.length > 100)).toBe(false)
  })

  test('numbers where the option is one', async () => {
    const { incoming, sent } = await receive<IncomingAutocomplete>(
      typing('scale', [{ type: 4, name: 'replicas', value: '', focused: true }]),
    )
    await incoming.respond([
      { name: 'two', value: '2' },
      { name: 'none', value: 'many' },
    ])
    expect(sent()[0]!.body).toMatchObject({ data: { choices: [{ name: 'two', value: 2 }] } })
  })

  test('too late is logged and ends there', async () => {
    const { incoming, log } = await receive<IncomingAutocomplete>(typing('deploy', service), () => refused(404, 10062))
    await incoming.respond([])
    expect(log.lines.at(-1)).toMatchObject({ level: 'warn', message: 'suggestions did not reach Discord' })
  })
})
