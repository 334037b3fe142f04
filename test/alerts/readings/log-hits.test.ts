import { describe, expect, test } from 'vitest'
import type { ServiceLogLine } from '#src/adapters/railway/railway.ts'
import { logPattern } from '#src/alerts/log-pattern.ts'
import { filterOf, type LogHits, type LogRule, mostLines, readLogHits } from '#src/alerts/readings/log-hits.ts'
import { alertRule } from '#src/alerts/rule.ts'

const now = Date.UTC(2026, 10, 21, 12)
const place = { guild: '1', project: 'p', environment: 'e' }
const rule = (written: Readonly<Record<string, unknown>>) => alertRule.parse({ kind: 'log', name: 'one', ...written }) as LogRule
const line = (secondsAgo: number, message: string, more: Partial<ServiceLogLine> = {}): ServiceLogLine => {
  const at = new Date(now - secondsAgo * 1_000)
  return { at, timestamp: at.toISOString(), severity: 'info', message, instanceId: 'i', serviceId: 's', ...more }
}

/** What Railway is asked with, and what is found of what it answers. */
function reader(rules: readonly LogRule[]) {
  const asked: { readonly filter: string | undefined; readonly sinceSeconds: number }[] = []
  return {
    asked,
    read: (lines: readonly ServiceLogLine[], before?: LogHits, at = now) =>
      readLogHits(
        {
          environmentLogs: async ({ filter, since }) => {
            asked.push({ filter, sinceSeconds: (at - since.getTime()) / 1_000 })
            return lines
          },
        },
        place,
        rules,
        before,
        at,
      ),
  }
}
const shown = ({ hits }: LogHits) => hits.map(({ service, line: text }) => `${service}: ${text}`)

describe('lines that rules look for', () => {
  test('are found by text, exactly and with * for anything, and by regular expressions', async () => {
    const lines = ['job 7 timed out', 'JOB 8 TIMED OUT', 'timed in', 'connect ECONNRESET'].map((text) => line(5, text))
    expect(shown(await reader([rule({ pattern: 'job * timed out', count: 9 })]).read(lines))).toEqual(['s: job 7 timed out'])
    expect(shown(await reader([rule({ pattern: '/job \\d timed out/i', count: 9 })]).read(lines))).toHaveLength(2)
    expect(shown(await reader([rule({ pattern: '/ECONN(RESET|REFUSED)$/', count: 9 })]).read(lines))).toEqual(['s: connect ECONNRESET'])
  })

  test('are at least so bad, however a service spells it', async () => {
    const spelled = ['error', 'ERR', 'fatal', 'warn', 'warning', 'info', 'debug', ''].map((severity, at) =>
      line(at, severity || '-', { severity }),
    )
    const errors = await reader([rule({ pattern: '/./', level: 'error', count: 9 })]).read(spelled)
    expect(shown(errors).sort()).toEqual(['s: ERR', 's: error', 's: fatal'])
    expect((await reader([rule({ pattern: '/./', level: 'warn', count: 9 })]).read(spelled)).hits).toHaveLength(5)
  })

  test('have their secrets masked, also such as would be cut in two, and nothing of them is longer than it may be', async () => {
    const secret = `ghp_${'a'.repeat(36)}`
    const { hits } = await reader([rule({ pattern: 'refused', count: 9 })]).read([
      line(1, `refused password=hunter2`),
      line(2, `refused ${'x'.repeat(280)} ${secret}`),
      line(3, `refused ${'y'.repeat(100_000)}`),
      line(4, 'refused \ud800'),
    ])
    expect(JSON.stringify(hits)).not.toMatch(/hunter2|ghp_/)
    expect(Math.max(...hits.map(({ line: text }) => text.length))).toBe(300)
    expect(hits.every(({ line: text }) => text.isWellFormed())).toBe(true)
  })

  test('are counted once, though readings overlap, and never later than now', async () => {
    const { read, asked } = reader([rule({ pattern: 'boom', count: 5 })])
    const first = await read([line(20, 'boom'), line(20, 'boom', { instanceId: 'j' }), line(-60, 'boom of tomorrow')])
    const second = await read([line(20, 'boom'), line(10, 'boom')], first, now + 15_000)
    expect(second.hits).toHaveLength(4)
    expect(Math.max(...second.hits.map(({ at }) => at))).toBe(now)
    expect(asked.map(({ sinceSeconds }) => sinceSeconds)).toEqual([90, 45])
  })

  test('are kept up to the number that counts, of each service its own, and forgotten once they count no more', async () => {
    const { read } = reader([rule({ pattern: 'boom', count: 3, within: '1m' })])
    const many = Array.from({ length: 50 }, (_, at) => line(at, `boom ${at}`, { serviceId: at % 2 ? 'a' : 'b' }))
    const found = await read(many)
    expect(shown(found).sort()).toEqual(['a: boom 1', 'a: boom 3', 'a: boom 5', 'b: boom 0', 'b: boom 2', 'b: boom 4'])
    expect((await read([], found, now + 2 * 3_600_000)).hits).toEqual([])
  })

  test('after a long time without a reading are read of the last hour', async () => {
    const { read, asked } = reader([rule({ pattern: 'boom' })])
    await read([], { at: now - 9 * 3_600_000, hits: [], flooded: false })
    expect(asked[0]!.sinceSeconds).toBe(3_600)
  })

  test('of a flood are the newest, and it is said', async () => {
    const flood = Array.from({ length: mostLines }, (_, at) => line(0, `line ${at}`))
    expect((await reader([rule({ pattern: 'nothing' })]).read(flood)).flooded).toBe(true)
  })

  test('are looked for as long as it does not take too much: patterns that mean hard work, by many rules, leave the oldest lines', async () => {
    const rules = Array.from({ length: 200 }, (_, at) => rule({ name: `evil-${at}`, pattern: '/(a?){72}b/', count: 9 }))
    const lines = Array.from({ length: 500 }, (_, at) => line(500 - at, `${at === 499 ? 'b' : ''}${'a'.repeat(2_000)}`))
    const found = await reader(rules).read(lines)
    expect(found.flooded).toBe(true)
    expect(found.hits.length).toBeGreaterThan(100)
    expect(found.hits.length).toBeLessThan(200)
  })
})

describe('what Railway is asked for', () => {
  const filter = (...written: readonly Readonly<Record<string, unknown>>[]) =>
    filterOf(written.map((each) => ({ rule: rule(each), pattern: logPattern(String(each.pattern)) })))

  test('is no more than the rules mean, in one request', () => {
    expect(filter({ pattern: 'timed * out' })).toBe('("timed" AND "out")')
    expect(filter({ pattern: 'a' }, { pattern: 'b', level: 'error' }, { pattern: 'a' })).toBe('("a") OR (@level:error AND "b")')
    expect(filter({ pattern: '/x/', level: 'error' })).toBe('(@level:error)')
  })

  test('is everything where a rule may mean any line, or where it would be too long', () => {
    expect(filter({ pattern: 'a' }, { pattern: '/b/' })).toBeUndefined()
    expect(filter({ pattern: 'a', level: 'warn' })).toBe('("a")')
    expect(filter(...Array.from({ length: 20 }, (_, at) => ({ pattern: `${at}${'x'.repeat(150)}` })))).toBeUndefined()
  })

  test('is never what the text means to Railway', () => {
    expect(filter({ pattern: 'say "no" OR @level:info \\' })).toBe('("say" AND "no" AND "OR @level:info")')
    expect(filter({ pattern: '"' })).toBeUndefined()
  })
})
