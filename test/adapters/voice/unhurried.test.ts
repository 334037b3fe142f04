import { expect, test } from 'vitest'
import { unhurried } from '#src/adapters/voice/unhurried.ts'
import { handClock } from '#test/playground/discord/hand-clock.ts'

function asking() {
  const clock = handClock()
  const sent: (string | null)[] = []
  const pace = unhurried(() => ({ sendPayload: ({ d }) => sent.push(d.channel_id) > 0, destroy() {} }), clock)
  const methods = pace.adapter({} as never)
  const ask = (channel_id: string | null) => methods.sendPayload({ op: 4, d: { channel_id } })
  return { clock, sent, pace, ask }
}

test('a connection that fails again and again asks the gateway ever more seldom', async () => {
  const { clock, pace, ask } = asking()
  const waits: number[] = []
  for (let time = 0; time < 8; time++) {
    expect(ask('1')).toBe(true)
    expect(ask('1')).toBe(false)
    waits.push(pace.nextInMs())
    await clock.turn(pace.nextInMs())
  }
  expect(waits).toEqual([500, 1_000, 2_000, 4_000, 8_000, 15_000, 15_000, 15_000])
})

test('one that was well for a while may ask at once again; one that was well for a moment may not', async () => {
  const { clock, pace, ask } = asking()
  ask('1')
  await clock.turn(500)
  ask('1')
  pace.settled()
  await clock.turn(1_000)
  expect(ask('1')).toBe(true)
  expect(pace.nextInMs()).toBe(2_000)
  pace.settled()
  await clock.turn(10_000)
  expect(ask('1')).toBe(true)
  expect(pace.nextInMs()).toBe(500)
})

test('to leave, nothing is waited for', () => {
  const { ask, sent } = asking()
  ask('1')
  expect(ask(null)).toBe(true)
  expect(sent).toEqual(['1', null])
})
