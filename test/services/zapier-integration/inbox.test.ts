import { expect, test } from 'vitest'
import type { Acceptance, Arrival } from '#services/zapier-integration/inbox/accept.ts'
import { createInbox, type InboxLimits } from '#services/zapier-integration/inbox/inbox.ts'
import { UpstreamError } from '#src/kernel/errors.ts'
import { quietLog } from '../../support/quiet-log.ts'

const arrival = (id: string): Arrival => ({ id, kind: 'event', name: 'x', payload: '{}', source: 'test', at: new Date(0) })
const unreadable = Object.assign(new Error('invalid byte sequence'), { code: '22021' })
const accepted: Acceptance = { accepted: true }

/** An inbox whose statements end when the test says so. */
function inboxOf(limits: Partial<InboxLimits> = {}) {
  const log = quietLog()
  const statements: { readonly ids: readonly string[]; resolve(): void; reject(error: Error): void }[] = []
  const inbox = createInbox({
    write: (arrivals) =>
      new Promise((resolve, reject) => {
        const ids = arrivals.map(({ id }) => id)
        statements.push({ ids, resolve: () => resolve(ids.map(() => accepted)), reject })
      }),
    onAccepted: () => {},
    log,
    sleep: async () => {},
    limits,
  })
  const next = async () => {
    await expect.poll(() => statements.length).toBeGreaterThan(0)
    return statements.shift()!
  }
  return { inbox, next, log }
}

const outcome = (accepting: Promise<Acceptance>) =>
  accepting.then(
    () => 'accepted',
    (error: { status: number; headers: object }) => [error.status, error.headers],
  )

test('what comes during one statement goes into the next, and each is answered after its own', async () => {
  const { inbox, next } = inboxOf()
  const first = inbox.accept(arrival('a'))
  const later = ['b', 'c', 'd'].map((id) => inbox.accept(arrival(id)))
  const one = await next()
  expect(one.ids).toEqual(['a'])
  one.resolve()
  expect(await first).toEqual(accepted)
  const two = await next()
  expect(two.ids).toEqual(['b', 'c', 'd'])
  two.resolve()
  expect(await Promise.all(later)).toEqual([accepted, accepted, accepted])
})

test('beyond what may wait, by number or by size, it is refused at once with Retry-After', async () => {
  const { inbox, next } = inboxOf({ waiting: 2 })
  const taken = ['a', 'b', 'c'].map((id) => outcome(inbox.accept(arrival(id))))
  expect(() => inbox.accept(arrival('d'))).toThrow(expect.objectContaining({ status: 503, headers: { 'retry-after': '1' } }))
  ;(await next()).resolve()
  ;(await next()).resolve()
  expect(await Promise.all(taken)).toEqual(['accepted', 'accepted', 'accepted'])
  const small = inboxOf({ characters: 3 })
  const one = small.inbox.accept(arrival('a'))
  expect(() => small.inbox.accept(arrival('b'))).toThrow(expect.objectContaining({ status: 503 }))
  ;(await small.next()).resolve()
  expect(await one).toEqual(accepted)
  const again = small.inbox.accept(arrival('c'))
  ;(await small.next()).resolve()
  expect(await again).toEqual(accepted)
})

test('a statement that fails is nobody’s acceptance: each is told to come again, and as much as ever is taken afterwards', async () => {
  const { inbox, next } = inboxOf({ characters: 3 })
  for (const id of ['a', 'b', 'c']) {
    const lost = outcome(inbox.accept(arrival(id)))
    ;(await next()).reject(new Error('the database went away'))
    expect(await lost).toEqual([503, { 'retry-after': '5' }])
    expect(inbox.figures()).toEqual({ waiting: 0, waitingCharacters: 0 })
  }
  const taken = inbox.accept(arrival('d'))
  ;(await next()).resolve()
  expect(await taken).toEqual(accepted)
})

test('one that cannot be kept takes up no room afterwards either', async () => {
  const { inbox, next } = inboxOf({ characters: 3 })
  for (const id of ['a', 'b']) {
    const refused = outcome(inbox.accept(arrival(id)))
    ;(await next()).reject(unreadable)
    await refused
  }
  expect(inbox.figures().waitingCharacters).toBe(0)
})

test('an outage is said once when it begins and once when it ends, with how many were told to come again', async () => {
  const { inbox, next, log } = inboxOf()
  for (const id of ['a', 'b', 'c']) {
    const lost = outcome(inbox.accept(arrival(id)))
    ;(await next()).reject(new Error('the database went away'))
    await lost
  }
  expect(log.lines).toHaveLength(1)
  for (const id of ['d', 'e']) {
    const taken = inbox.accept(arrival(id))
    ;(await next()).resolve()
    await taken
  }
  expect(log.lines.map(({ level, fields }) => [level, 'refused' in fields ? fields.refused : undefined])).toEqual([
    ['warn', undefined],
    ['info', 3],
  ])
})

test('one that the database cannot read does not take the others of its lot with it', async () => {
  const { inbox, next } = inboxOf()
  const first = inbox.accept(arrival('a'))
  const [good, bad] = [outcome(inbox.accept(arrival('good'))), outcome(inbox.accept(arrival('bad')))]
  ;(await next()).resolve()
  await first
  ;(await next()).reject(unreadable)
  const alone = await next()
  expect(alone.ids).toEqual(['good'])
  alone.resolve()
  ;(await next()).reject(unreadable)
  expect(await good).toBe('accepted')
  expect(await bad).toEqual([422, {}])
})

test('a database that does not answer sends away all who wait, and says only to those it was asked for that they may have been taken', async () => {
  const { inbox, next } = inboxOf({ batch: 2 })
  const said = (accepting: Promise<Acceptance>) => accepting.then(String, (error: { status: number; message: string }) => error)
  const all = Array.from({ length: 9 }, (_, n) => said(inbox.accept(arrival(`${n}`))))
  ;(await next()).resolve()
  const fault = { provider: 'PostgreSQL', operation: 'query', retryable: false, outcome: 'ambiguous' } as const
  ;(await next()).reject(new UpstreamError('The database does not answer.', fault))
  const [first, ...others] = await Promise.all(all)
  expect(first).toBe('[object Object]')
  expect(others.map((each) => (each as { message: string }).message.includes('may have been taken'))).toEqual([
    true,
    true,
    ...Array(6).fill(false),
  ])
  expect(others.map((each) => (each as { status: number }).status)).toEqual(Array(8).fill(503))
  expect(inbox.figures()).toEqual({ waiting: 0, waitingCharacters: 0 })
  const taken = inbox.accept(arrival('later'))
  ;(await next()).resolve()
  expect(await taken).toEqual(accepted)
})
