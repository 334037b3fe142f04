import { describe, expect, test } from 'vitest'
import type { Audit } from '#src/audit/audit.ts'
import { auditGuard } from '#src/guards/audit-guard.ts'
import type { Tolerate } from '#src/guards/without-store.ts'
import type { Entry } from '#src/kernel/dispatch.ts'
import { UserError } from '#src/kernel/errors.ts'
import type { Report } from '#src/kernel/report.ts'
import { quietLog } from '../support/quiet-log.ts'

const call = {
  key: 'k',
  command: 'deploy',
  raw: {},
  actor: { kind: 'member', id: '1', name: 'Ada' },
  door: 'slash',
  place: { guild: 'g', project: 'p', environment: 'e' },
} as const
const step = { call } as unknown as Entry
const started: Report = { title: 'Deploy', tone: 'neutral', sentence: 'It began.', operation: 'o' }

/** An audit whose database goes away after so many records. */
function audit(until: number) {
  const events: string[] = []
  const record: Audit['record'] = async ({ event }) => {
    if (events.length >= until) throw new Error('the database is gone')
    events.push(event)
  }
  return { events, record }
}

/** Nothing may be left out. */
const always: Tolerate = (_command, work) => work()

describe('the audit', () => {
  test('has who asked and what came of it', async () => {
    const kept = audit(9)
    await auditGuard(kept, quietLog(), always)(step, async () => started)
    expect(kept.events).toEqual(['received', 'answered'])
  })
  test('that cannot take who asked: nothing is done', async () => {
    let done = false
    const run = auditGuard(
      audit(0),
      quietLog(),
      always,
    )(step, async () => {
      done = true
      return started
    })
    await expect(run).rejects.toThrow('gone')
    expect(done).toBe(false)
  })
  test('that cannot take what came of it: the member still hears that it was started', async () => {
    const log = quietLog()
    expect(await auditGuard(audit(1), log, always)(step, async () => started)).toBe(started)
    expect(log.lines).toMatchObject([{ level: 'error', fields: { operation: 'o' } }])
  })
  test('that cannot take a refusal does not hide it', async () => {
    const refused = auditGuard(
      audit(1),
      quietLog(),
      always,
    )(step, async () => {
      throw new UserError('There is no such service.')
    })
    await expect(refused).rejects.toThrow('no such service')
  })
})
