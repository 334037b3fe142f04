import { inTurn, type Moment } from './ucf.ts'

type Text = string | Buffer

const numbers = '0123456789'
const reading = (more: object, { at }: Moment) => JSON.stringify({ agent_id: 'kael', timestamp: at.toISOString(), ...more })

/** What cannot be read, or only in part. One after the other. */
const malformed: readonly ((moment: Moment) => Text)[] = [
  () => 'consciousness rising',
  () => '',
  (moment) => reading({ consciousness_level: 7 }, moment).slice(0, -9),
  () => '[7, 8, 9]',
  () => '7.5',
  () => 'null',
  (moment) => reading({ consciousness_level: 'high', ucf_metrics: 'good' }, moment),
  (moment) => reading({ consciousness_level: null, ucf_metrics: null }, moment),
  (moment) => reading({ consciousness_level: [7], ucf_metrics: [0.7, 0.8] }, moment),
  (moment) => reading({ consciousness_level: -3, ucf_metrics: { harmony: 41, klesha: -2 } }, moment),
  (moment) => reading({ consciousness_level: 1e308, ucf_metrics: { harmony: 5e-324 } }, moment),
  () => '{"agent_id":"kael","consciousness_level":NaN}',
  () => '{"agent_id":"kael","consciousness_level":1e999,"ucf_metrics":{"harmony":-1e999}}',
  () => '{"consciousness_level":7,"consciousness_level":2}',
  () => '{"__proto__":{"consciousness_level":9},"constructor":{"prototype":{"level":9}},"level":"__proto__"}',
  (moment) => reading({ consciousness_level: 7, ucf_metrics: Object.fromEntries(many(5_000)) }, moment),
  () => `${'{"ucf_metrics":'.repeat(20_000)}1${'}'.repeat(20_000)}`,
  () => `${'['.repeat(100_000)}${']'.repeat(100_000)}`,
  (moment) => reading({ consciousness_level: 7, note: 'x'.repeat(400_000) }, moment),
  () => Buffer.from([0x7b, 0x22, 0x6c, 0xff, 0xfe, 0x22, 0x3a, 0x37, 0x7d]),
  (moment) => `\u{feff}${reading({ consciousness_level: 7 }, moment)}`,
  (moment) => `${reading({ consciousness_level: 7 }, moment)}\n${reading({ consciousness_level: 8 }, moment)}`,
]

/** Readings whose clocks cannot be right, and those that name none. */
const times: readonly ((at: Date) => unknown)[] = [
  (at) => new Date(at.getTime() + 86_400_000).toISOString(),
  (at) => new Date(at.getTime() - 86_400_000).toISOString(),
  (at) => new Date(at.getTime() + 90_000).toISOString(),
  () => '1970-01-01T00:00:00Z',
  () => 'yesterday',
  () => '2026-02-31T25:61:00Z',
  (at) => at.getTime(),
  (at) => at.getTime() / 1_000,
  () => undefined,
  () => null,
  () => '+275760-09-13T00:00:00.001Z',
]

/** Text that would do something if it were shown as it is. */
const hostile: readonly string[] = [
  '@everyone @here the level is 0',
  '<@&1000000000000000001> <@1000000000000000002> <#1000000000000000003>',
  '**bold** __under__ ||hidden|| ~~gone~~ # Heading\n> quote\n- list',
  '```js\nalert(1)\n``` `code` ``` not closed',
  '[Click to fix it](https://evil.invalid/login) https://evil.invalid <https://evil.invalid>',
  'discord.gg/evil </deploy:1000000000000000004> <t:0:R> <a:party:1000000000000000005>',
  '\u001b[31mred\u001b[0m \u0000 \u0007 \r\u001b]0;title\u0007',
  'user\u202egnp.exe \u2066\u2069 zero\u200bwidth \ufeff\u00ad',
  `Z${'\u0301\u0336\u035c'.repeat(300)}`,
  '"><script>alert(1)</script><img src=x onerror=alert(1)>',
  'Bearer eyJhbGciOiJIUzI1NiJ9.eyJzdWIiOiJrYWVsIn0.c2lnbmF0dXJlLW9mLW5vYm9keQ postgres://kael:hunter2@db.invalid/helix',
  "'; DROP TABLE consciousness_metrics; --",
  '\ud800 lone surrogate \udfff',
  `${'long '.repeat(2_000)}`,
]

export function malformedMessage(moment: Moment): Text {
  return inTurn(malformed, moment.number)(moment)
}

export function strangeTime(moment: Moment): string {
  const timestamp = inTurn(times, moment.number)(moment.at)
  return JSON.stringify({ agent_id: 'vega', consciousness_level: moment.level, ucf_metrics: { harmony: moment.level / 10 }, timestamp })
}

/** A reading that can be read, with such text wherever there is text: names, metrics, keys. */
export function hostileMessage({ level, at, number }: Moment): string {
  const text = inTurn(hostile, number)
  const metrics = { harmony: level / 10, [text]: 0.5 }
  return JSON.stringify({
    agent_id: text,
    consciousness_level: level,
    ucf_metrics: metrics,
    note: text,
    error: text,
    timestamp: at.toISOString(),
  })
}

function many(count: number): [string, number][] {
  return Array.from({ length: count }, (_, index) => [`metric_${index}_${numbers}`, index / count])
}
