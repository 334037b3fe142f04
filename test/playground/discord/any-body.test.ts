import fc from 'fast-check'
import { afterAll, beforeAll, describe, expect, test } from 'vitest'
import { Refused } from '#playground/discord/refusals.ts'
import { readCommands } from '#playground/discord/schemas/command.ts'
import { readMessage } from '#playground/discord/schemas/message.ts'
import { readModal } from '#playground/discord/schemas/modal.ts'
import { readRequest } from '#playground/discord/user/submission.ts'
import { type RunningDiscord, startDiscord } from './running-discord.ts'

const keys = ['type', 'content', 'embeds', 'components', 'component', 'options', 'name', 'data', 'flags', 'custom_id', 'label', 'value']
const tree = fc.letrec((tie) => ({
  value: fc.oneof(
    { depthSize: 'small' },
    fc.jsonValue({ maxDepth: 1 }),
    fc.integer({ min: 0, max: 24 }),
    tie('node'),
    fc.array(tie('node'), { maxLength: 3 }),
  ),
  node: fc.dictionary(fc.constantFrom(...keys), tie('value'), { maxKeys: 5 }),
})).node

/** True where it was read, or refused with 50035. */
function readOrRefused(read: (body: unknown) => unknown, body: unknown): boolean {
  try {
    read(body)
    return true
  } catch (error) {
    return error instanceof Refused && error.refusal === 'invalidForm' && error.body.errors !== undefined
  }
}

describe('whatever is sent is read, or refused as a form error', () => {
  test.for([
    ['a message', readMessage],
    ['a list of commands', readCommands],
    ['a modal', readModal],
    ["a member's interaction", readRequest],
  ] as const)('as %s', ([, read]) => {
    fc.assert(
      fc.property(fc.oneof(tree, fc.jsonValue(), fc.array(tree, { maxLength: 3 })), (body) => readOrRefused(read, body)),
      { numRuns: 500 },
    )
  })
})

describe('over HTTP', () => {
  let discord: RunningDiscord
  beforeAll(async () => {
    discord = await startDiscord()
  })
  afterAll(() => discord.close())

  test.for(['multipart/form-data', 'multipart/form-data; boundary=x', 'application/json; charset=utf-8', 'text/plain', ''])(
    'a body that is not what its type %j says is refused with 400',
    async (type) => {
      const answer = await discord.rest('POST', '/channels/1100000000000000302/messages', '--y\r\nnothing', { 'content-type': type })
      expect(answer.status).toBe(400)
    },
  )
})
