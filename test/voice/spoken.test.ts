import fc from 'fast-check'
import { describe, expect, test } from 'vitest'
import type { Action, Report } from '#src/kernel/report.ts'
import { mostSpokenWords, speakable, spoken } from '#src/voice/spoken.ts'
import { typicalReports } from '#test/doors/render/typical-reports.ts'

const say = (sentence: string, actions?: readonly Action[]) =>
  spoken({ title: 't', tone: 'neutral', sentence, ...(actions && { actions }) })
const confirm = (aloud: boolean): readonly Action[] => [
  { label: 'Confirm', command: 'deploy', arguments: {}, confirms: { by: 'member:1', digest: 'd', aloud } },
]

describe('a report for the ear', () => {
  test.each([
    ['staging is well: 4 services, none in trouble.', 'staging is well: 4 services, none in trouble.'],
    ['voice-processor is healthy. All 2 replicas answer.', 'voice processor is healthy. All 2 replicas answer.'],
    ['Deployed `api` to **production** (deployment 8b1d0ee4-1111-2222-3333-444455556666).', 'Deployed api to production.'],
    ['Deploy api to staging: commit 3f2a91c in place of 8b1d0ee.', 'Deploy api to staging.'],
    ['See https://railway.com/project/x for more, <@123456789012345678>.', 'See for more.'],
    ['Tell an admin the incident ab12cd34: it stands in the log.', 'Tell an admin the incident: it stands in the log.'],
    ['Use /deploy or /redeploy.', 'Use deploy or redeploy.'],
    ['CPU 80 %, latency 120 ms, read 3 h 5 min ago.', 'CPU 80 percent, latency 120 milliseconds, read 3 hours 5 minutes ago.'],
    ['Replicas 2 → 3.', 'Replicas 2 to 3.'],
    ['', 'Done. The answer is in the channel.'],
    ['👍', 'Done. The answer is in the channel.'],
  ])('%s', (sentence, heard) => expect(say(sentence)).toBe(heard))

  test('that is too long is cut at a clause, and says where the rest is', () => {
    const names = Array.from({ length: 30 }, (_, at) => `service ${at} is down`).join(', ')
    expect(say(`${names}.`)).toMatch(/ down\. More is in the channel\.$/)
  })
  test('that asks is a question with the way to answer it', () => {
    const plan = 'Deploy voice-processor to staging: commit 3f2a91c in place of 8b1d0ee. Nothing happens before Ada says “confirm”.'
    expect(say(plan, confirm(true))).toBe('Deploy voice processor to staging? Say confirm, or press the button.')
    expect(say(plan, confirm(false))).toBe('Deploy voice processor to staging? Please press the button to confirm.')
  })
})

describe('whatever a report holds', () => {
  const text = fc.oneof(
    fc.string({ unit: 'grapheme' }),
    fc.lorem({ mode: 'sentences', maxCount: 6 }),
    fc.webUrl(),
    fc.uuid(),
    fc.stringMatching(/^[0-9a-f]{7,40}$/),
    fc.stringMatching(/^\d{17,20}$/),
    fc.constantFrom('**bold**', '`code`', '<@123456789012345678>', '/deploy', '(x)', 'voice-processor', '3 → 4', '# head', '||x||'),
  )
  const sentence = fc.array(text, { maxLength: 12 }).map((parts) => parts.join(' '))
  const report: fc.Arbitrary<Report> = fc.record(
    {
      title: text,
      tone: fc.constantFrom('neutral', 'good', 'warning', 'bad'),
      sentence,
      facts: fc.array(fc.record({ label: text, value: text }), { maxLength: 3 }),
      table: fc.record({ head: fc.array(text), rows: fc.array(fc.array(text), { maxLength: 3 }) }),
      actions: fc.constantFrom([], confirm(true), confirm(false)),
      operation: fc.uuid(),
    },
    { requiredKeys: ['title', 'tone', 'sentence'] },
  )

  test('one or two short sentences of plain words are said', () => {
    fc.assert(
      fc.property(report, (each) => {
        const heard = spoken(each)
        expect(heard.split(/\s+/).length).toBeLessThanOrEqual(mostSpokenWords + 1)
        expect(heard.length).toBeLessThanOrEqual(260)
        expect(heard).toMatch(/[\p{L}\p{N}].*[.!?]$/su)
        expect(heard).not.toMatch(/[*_`~#<>|()[\]{}\\/\n]|https?:|www\./)
        expect(heard).not.toMatch(/\d{7,}|[0-9a-f]{8}-[0-9a-f]{4}/)
      }),
      { numRuns: 500 },
    )
  })
  test('what is said of what was said is the same', () => {
    fc.assert(
      fc.property(sentence, (each) => {
        expect(speakable(speakable(each))).toBe(speakable(each))
      }),
    )
  })
  test.each(Object.entries(typicalReports))('%s', (_, each) => expect(spoken(each)).toMatch(/^.{5,260}[.!?]$/))
})
