import { afterEach, expect, test } from 'vitest'
import { createProbes, probesDefaults } from '#src/probes/create-probes.ts'
import { handClock } from '#test/playground/discord/hand-clock.ts'
import { quietLog } from '#test/support/quiet-log.ts'
import { type OtherEnd, otherEnd, type Reply } from './other-end.ts'

const open: OtherEnd[] = []
afterEach(async () => {
  await Promise.all(open.splice(0).map((each) => each.close()))
})

const well: Reply = { json: { status: 'healthy' } }
const ill: Reply = { status: 502, text: 'starting' }

/** The Claude API, whose health is all that is probed, as it is at the moment. */
async function stage() {
  const replies: Record<string, Reply | 'hang'> = { '/health': ill }
  const end = await otherEnd(replies)
  open.push(end)
  const clock = handClock()
  const log = quietLog()
  const tokens = { forService: async () => 'token' }
  const probes = createProbes({ mesh: { url: () => undefined }, tokens, clock, log, claude: end.url })
  return {
    ...{ probes, clock, log },
    now(reply: Reply | 'hang') {
      replies['/health'] = reply
    },
    asked: () => end.seen.length,
    /** So much later the loop looks at what is due. */
    async later(ms: number) {
      await clock.turn(ms)
      await probes.lookAgain()
    },
  }
}

test('a first failure is looked at again after a few seconds, and two in a row are counted', async () => {
  const { probes, later, asked } = await stage()
  await probes.run()
  expect(probes.last()).toMatchObject([{ state: 'failing', failures: 1 }])
  await later(2_000)
  expect(asked()).toBe(1)
  await later(1_000)
  expect(asked()).toBe(2)
  expect(probes.last()).toMatchObject([{ state: 'failing', failures: 2 }])
})

test('the pauses grow with the outage, up to that of the cycle', async () => {
  const { probes, clock, asked } = await stage()
  await probes.run()
  const pauses: number[] = []
  let last = 0
  for (let second = 1; second <= 600; second += 1) {
    await clock.turn(1_000)
    const before = asked()
    await probes.lookAgain()
    if (asked() > before) {
      pauses.push(second - last)
      last = second
    }
  }
  expect(pauses.slice(0, 3)).toEqual([3, 3, 3])
  expect(pauses).toEqual(pauses.toSorted((one, other) => one - other))
  expect(pauses.at(-1)).toBe(probesDefaults.pause.mostMs / 1_000)
})

test('what recovers within the first half minute is noticed within ten seconds, and at once it is well', async () => {
  const { probes, now, later } = await stage()
  await probes.run()
  for (let second = 1; second <= 30; second += 1) await later(1_000)
  now(well)
  for (let second = 1; second <= 10; second += 1) await later(1_000)
  expect(probes.last()).toMatchObject([{ state: 'well', failures: 0 }])
})

test('a blink that is over is told to nobody', async () => {
  const { probes, now, later, log } = await stage()
  await probes.run()
  now(well)
  await later(3_000)
  expect(log.lines.filter(({ level }) => level === 'warn')).toEqual([])
  now(ill)
  await probes.run()
  await later(3_000)
  expect(log.lines.map(({ message }) => message)).toContain('a probe is not well')
  now(well)
  await later(3_000)
  expect(log.lines.at(-1)).toMatchObject({ message: 'a probe is well again' })
})

test('whoever asks has what failed more than ten seconds ago looked at anew, and waits for nothing', async () => {
  const { probes, clock, later, asked, now } = await stage()
  await probes.run()
  for (let second = 1; second <= 120; second += 1) await later(1_000)
  const before = asked()
  now(well)
  probes.wanted()
  expect(probes.last()).toMatchObject([{ state: 'failing' }])
  await clock.turn(11_000)
  probes.wanted()
  await expect.poll(() => probes.last()[0]?.state).toBe('well')
  probes.wanted()
  expect(asked()).toBe(before + 1)
})

test('a service is never looked at twice at once', async () => {
  const { probes, clock, later, now, asked } = await stage()
  await probes.run()
  now('hang')
  await clock.turn(60_000)
  const running = [probes.lookAgain(), probes.run(), probes.lookAgain()]
  probes.wanted()
  await expect.poll(asked).toBe(2)
  await later(5_000)
  await Promise.all(running)
  expect(asked()).toBe(2)
})

test('what may not be asked any more is not looked at again', async () => {
  const { probes, later, asked } = await stage()
  await probes.run()
  await probes.run(() => false)
  expect(probes.last()).toEqual([])
  await later(60_000)
  probes.wanted()
  expect(asked()).toBe(1)
})
