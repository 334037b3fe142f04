import { afterAll, beforeAll, describe, expect, test } from 'vitest'
import type { DiscordUser } from '../support/discord-user.ts'
import { type RunningPlayground, startPlayground } from '../support/playground.ts'

let playground: RunningPlayground
let admin: DiscordUser
let viewer: DiscordUser
beforeAll(async () => {
  playground = await startPlayground()
  ;[admin, viewer] = await Promise.all([playground.user('admin'), playground.user('viewer')])
  await playground.fault('postgres.stop')
}, 90_000)
afterAll(() => playground?.stop())

describe('while PostgreSQL is away', { timeout: 60_000 }, () => {
  test.each([
    ['status', {}],
    ['health', {}],
    ['restart', { service: 'voice-processor', environment: 'staging' }],
  ])('/%s says that the database cannot be reached, and that nothing was changed', async (command, options) => {
    const { text } = await admin.slash(command, options)
    expect(text).toMatch(/database cannot be reached/)
    expect(text).toMatch(/Nothing was changed/)
    expect(text).not.toMatch(/incident|fault of its own/i)
  })
  test('/doctor still examines, and names PostgreSQL first', async () => {
    const { text } = await admin.slash('doctor', {}, { deadlineMs: 30_000 })
    expect(text).toMatch(/PostgreSQL/)
    expect(text).not.toMatch(/fault of its own/)
  })
  test('/help still helps an administrator', async () => {
    expect((await admin.slash('help')).text).toMatch(/deploy/)
  })
  test('autocomplete answers, with nothing', async () => {
    expect(await viewer.autocomplete('restart', { service: 'voi' }, 'service')).toEqual([])
  })
  test('and when it is back, everything goes on', async () => {
    await playground.fault('postgres.start')
    for (let attempt = 0; attempt < 40; attempt += 1) {
      if (/production/.test((await admin.slash('status')).text)) return
    }
    expect.fail('the bot did not come back')
  })
})
