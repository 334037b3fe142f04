import { describe, expect, test } from 'vitest'
import { spokenGuard, spokenRunGuard } from '#src/guards/spoken-guard.ts'
import type { Call } from '#src/kernel/call.ts'
import type { Command } from '#src/kernel/command.ts'
import type { Entry, Intent } from '#src/kernel/dispatch.ts'
import type { Report } from '#src/kernel/report.ts'

const now = new Date('2026-01-01T12:00:00Z')
const clock = { now: () => now, sleep: async () => {} }
const started: Report = { title: 'Deploy', tone: 'neutral', sentence: 'It began.' }
const places = { isProduction: ({ name }: { readonly name: string }) => name === 'production' }
const call: Call = {
  key: 'voice:1:1',
  command: 'deploy',
  raw: { service: 'api', environment: 'staging' },
  actor: { kind: 'member', id: '7', name: 'Ada' },
  door: 'voice',
  place: { guild: 'g', project: 'p', environment: 'e' },
  exchange: '1',
}

function intent(given: Partial<Call>, environment = 'staging', risk: Command['risk'] = 'change'): Intent {
  const plan = { environment: { id: 'e', name: environment }, digest: 'D', sentence: `Deploy api to ${environment}.`, seen: [], facts: [] }
  return { call: { ...call, ...given }, command: { risk } as Command, standing: undefined, plan } as unknown as Intent
}

const through = (step: Intent) => spokenGuard(places, clock)(step, async () => started)

describe('a change that is spoken', () => {
  test('is read back, and waits 20 s for a word or a press', async () => {
    const asked = await through(intent({}))
    expect(asked.sentence).toMatch(/^Deploy api to staging\. .*“confirm”/)
    expect(asked.actions?.map(({ label }) => label)).toEqual(['Confirm', 'Cancel'])
    expect(asked.actions?.[0]?.confirms).toMatchObject({
      by: 'member:7',
      digest: 'D',
      exchange: '1',
      aloud: true,
      until: '2026-01-01T12:00:20.000Z',
    })
  })
  test.each(['voice', 'button'] as const)('goes on when confirmed at the door %s', async (door) => {
    expect(await through(intent({ door, confirmed: { digest: 'D' } }))).toBe(started)
  })
  test('is asked again when it is not what it was', async () => {
    expect((await through(intent({ door: 'button', confirmed: { digest: 'other' } }))).sentence).toContain('not what it was')
  })
  test.each([
    ['production', 'change'],
    ['staging', 'destructive'],
  ] as const)('in %s, %s: a word is not enough, a press is', async (environment, risk) => {
    const asked = await through(intent({ confirmed: { digest: 'D' } }, environment, risk))
    expect(asked.actions?.[0]?.confirms).toMatchObject({ aloud: false, until: '2026-01-01T12:01:00.000Z' })
    expect(await through(intent({ door: 'button', confirmed: { digest: 'D' } }, environment, risk))).toBe(started)
  })
})

describe('a command that changes something without a plan', () => {
  const entry = (given: Partial<Call>, risk: Command['risk'] = 'change') =>
    ({
      call: { ...call, command: 'agents.command', raw: { agent: 'scout', command: 'look' }, ...given },
      command: { risk, run: async () => started } as unknown as Command,
      standing: undefined,
    }) as Entry
  const enter = (step: Entry) => spokenRunGuard(clock)(step, async () => started)

  test('is read back with what was understood, and confirmed by a word', async () => {
    const asked = await enter(entry({}))
    expect(asked.sentence).toContain('Agents command, agent scout, command look.')
    const { digest } = asked.actions![0]!.confirms!
    expect(await enter(entry({ confirmed: { digest } }))).toBe(started)
    expect(await enter(entry({ confirmed: { digest }, raw: { agent: 'scout', command: 'other' } }))).not.toBe(started)
  })
  test('that only reads is not asked about, and elsewhere nothing changes', async () => {
    expect(await enter(entry({}, 'read'))).toBe(started)
    expect(await enter(entry({ door: 'slash', exchange: undefined as never }))).toBe(started)
  })
})
