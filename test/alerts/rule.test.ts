import { describe, expect, test } from 'vitest'
import { describeRule } from '#src/alerts/describe-rule.ts'
import { RulesFault, readRules } from '#src/alerts/read-rules.ts'
import { alertRule } from '#src/alerts/rule.ts'

const faultOf = (text: string): string => {
  try {
    readRules(text)
  } catch (error) {
    if (error instanceof RulesFault) return error.message
    throw error
  }
  throw new Error('it was read')
}

describe('a rule', () => {
  test.each([
    [
      { kind: 'memory', above: '90%', recover: '80%', for: '10m', services: ['api', 'web-*'] },
      'memory above 90 % for 10 min, of api and web-*',
    ],
    [{ kind: 'memory', above: 1.5, environments: 'production' }, 'memory above 1.5 GB for 5 min, in production'],
    [{ kind: 'cpu', above: '2', for: '0s' }, 'CPU above 2 vCPU'],
    [{ kind: 'error-rate', above: '5%' }, 'server errors above 5 % for 5 min'],
    [{ kind: 'latency', above: '1.5s', for: '1m' }, 'p95 latency above 1.5 s for 1 min'],
    [{ kind: 'request-rate', below: 1 }, 'traffic below 1 requests a second for 5 min'],
    [{ kind: 'health', is: ['down'] }, 'a service is down for 2 min'],
    [{ kind: 'consciousness', below: 6 }, 'level below 6 for 5 min'],
    [
      { kind: 'stream', channel: 'zapier_events', where: { 'payload.status': 'fail*' }, count: 3 },
      '3 messages on zapier_events with payload.status=fail* in 5 min',
    ],
    [{ kind: 'heartbeat', channel: 'agent_events', every: '10m' }, 'no message on agent_events for 10 min'],
    [{ kind: 'helix' }, 'Helix is blind: railway, redis, budget or posts for 5 min'],
    [{ kind: 'log', pattern: 'upstream * timed out', count: 5, services: 'api' }, '5 lines with “upstream * timed out” in 5 min, of api'],
    [
      { kind: 'log', pattern: '/ECONN(RESET|REFUSED)/i', level: 'error', within: '1m' },
      '1 line of error like /ECONN(RESET|REFUSED)/i in 1 min',
    ],
    [{ kind: 'log', pattern: '"could not be answered"' }, '1 line with “could not be answered” in 5 min'],
    [{ kind: 'log', pattern: '“could not be answered”' }, '1 line with “could not be answered” in 5 min'],
    [{ kind: 'log', pattern: "'a' and 'b'" }, `1 line with “'a' and 'b'” in 5 min`],
    [{ kind: 'log', pattern: 'says "no"' }, '1 line with “says "no"” in 5 min'],
    [{ kind: 'log', pattern: '"/ECONN(RESET|REFUSED)/i"' }, '1 line like /ECONN(RESET|REFUSED)/i in 5 min'],
    [{ kind: 'cost', above: '$20', recover: 15 }, 'the expected cost of the billing period above $20'],
    [{ kind: 'cost', metric: 'day', above: '1.50 USD', for: '1h' }, 'the last day’s cost above $1.50 for 1 h'],
    [{ kind: 'cost', rise: '150%' }, 'the last day’s cost 150 % above the usual'],
    [{ kind: 'certificate', days: 7 }, 'a certificate that fails, is not issued, or ends within 7 days for 15 min'],
    [{ kind: 'webhook', type: ['Deployment.failed', 'crashed'] }, 'a webhook Deployment.failed or crashed in 1 h'],
    [{ kind: 'webhook', type: '*', level: 'critical', count: 3, within: '1d' }, '3 webhooks * of critical or worse in 1 d'],
  ])('%j says what it says', (written, says) => {
    expect(describeRule(alertRule.parse({ name: 'one', ...written }))).toBe(says)
  })

  test.each([
    [{ kind: 'memory' }, 'is missing: say above or below'],
    [{ kind: 'log', pattern: '""' }, 'must not be empty'],
    [{ kind: 'log', pattern: '"/(/"' }, 'must be text, or a regular expression'],
    [{ kind: 'memory', above: '90%', below: '10%' }, 'stands beside above'],
    [{ kind: 'memory', above: '90%', recover: '95%' }, 'must not be more than above'],
    [{ kind: 'request-rate', below: 1, recover: 0.5 }, 'must not be less than below'],
    [{ kind: 'memory', above: '90%', recover: 0.8 }, 'both are shares'],
    [{ kind: 'error-rate', above: 0.05 }, 'must be a share such as 5%'],
    [{ kind: 'error-rate', above: '105%' }, 'must be a share such as 5%'],
    [{ kind: 'latency', above: 800 }, 'must be a time such as 800ms'],
    [{ kind: 'cpu', above: 'much' }, 'must be a share such as 90%'],
    [{ kind: 'cpu', above: -1 }, 'must be a share such as 90%'],
    [{ kind: 'cpu', above: Number.NaN }, 'must be a share such as 90%'],
    [{ kind: 'cpu', above: 1, for: '3 weeks' }, 'must be a length of time'],
    [{ kind: 'cpu', above: 1, for: '25h' }, 'must be a length of time'],
    [{ kind: 'stream', channel: 'nowhere' }, 'Invalid option'],
    [{ kind: 'stream', channel: 'zapier_events', where: { '..': 1 } }, 'Invalid key'],
    [{ kind: 'stream', channel: 'zapier_events', where: { a: 'x\0' } }, 'must be'],
    [{ kind: 'cpu', above: 1, services: ['\ud800'] }, 'must be'],
    [{ kind: 'heartbeat', channel: 'agent_events', every: '1s' }, 'must be a length of time'],
    [{ kind: 'log' }, 'expected string'],
    [{ kind: 'log', pattern: '' }, 'must not be empty'],
    [{ kind: 'log', pattern: '/(a/' }, 'missing closing )'],
    [{ kind: 'log', pattern: '/(a)\\1/' }, 'nor refer back'],
    [{ kind: 'log', pattern: '/(?=a)/' }, 'it may not look ahead'],
    [{ kind: 'log', pattern: '/((a{9}){9}){9}/' }, 'is too much'],
    [{ kind: 'log', pattern: 'x'.repeat(201) }, 'Too big'],
    [{ kind: 'log', pattern: 'x', count: 501 }, 'Too big'],
    [{ kind: 'log', pattern: 'x', level: 'loud' }, 'Invalid option'],
    [{ kind: 'cost' }, 'is missing: say above which amount'],
    [{ kind: 'cost', above: 'much' }, 'must be an amount in dollars'],
    [{ kind: 'cost', above: '$-3' }, 'must be an amount in dollars'],
    [{ kind: 'cost', above: 5, rise: '50%' }, 'stands beside above'],
    [{ kind: 'cost', rise: '0%' }, 'must be so much more than usual'],
    [{ kind: 'cost', rise: '50%', metric: 'day' }, 'stands beside rise'],
    [{ kind: 'cost', above: 5, recover: 6 }, 'must not be more than above'],
    [{ kind: 'certificate', days: 0 }, 'Too small'],
    [{ kind: 'certificate', days: 91 }, 'Too big'],
    [{ kind: 'webhook' }, 'must be a name'],
    [{ kind: 'webhook', type: [] }, 'Too small'],
    [{ kind: 'webhook', type: 'failed', level: 'error' }, 'Invalid option'],
    [{ kind: 'weather', above: 1 }, 'must be one of the kinds'],
    [{ kind: 'helix', services: ['api'] }, 'Unrecognized key'],
  ])('%j is refused', (written, why) => {
    const read = alertRule.safeParse({ name: 'one', ...written })
    expect(read.success).toBe(false)
    expect(JSON.stringify(read.error?.issues)).toContain(why)
  })
})

describe('a file of rules', () => {
  test('is YAML with rules of every kind', () => {
    const { defaults, rules } = readRules(`
defaults: false
rules:
  - name: slow
    kind: latency
    services: [api, web-*]
    above: 800ms
    for: 10m
    severity: critical
  - { name: quiet, kind: request-rate, below: 0.5 }
`)
    expect(defaults).toBe(false)
    expect(rules).toMatchObject([
      { name: 'slow', services: ['api', 'web-*'], above: { value: 800 }, for: 600_000, severity: 'critical', enabled: true },
      { name: 'quiet', below: { value: 0.5 }, services: ['*'], environments: ['*'] },
    ])
  })

  test('that is empty has no rules', () => expect(readRules('# nothing yet\n')).toEqual({ defaults: true, rules: [] }))

  test('names the line of each fault', () => {
    const text = ['rules:', '  - name: slow', '    kind: latency', '    above: much', '  - name: Slow!', '    kind: cpu', '    abvoe: 3']
    expect(faultOf(text.join('\n')).split('\n')).toEqual([
      'line 4: rules 1 above must be a time such as 800ms or 2s',
      'line 5: rules 2 name must be lower-case letters, digits and dashes, at most 50',
      'line 7: rules 2 abvoe is not known here',
      'line 5: rules 2 above is missing: say above or below which figure',
    ])
  })

  test.each([
    ['rules: [', 'line 1: it is no YAML'],
    ['rules:\n  - name: a\n   kind: cpu', 'it is no YAML'],
    ['rules:\n  - name: a\n    name: b', 'line 3: it is no YAML'],
    ['- 1', 'line 1: the file'],
    ['rules: 5', 'line 1: rules must be a list of rules'],
    ['rulez: []', 'line 1: rulez is not known here'],
    ['rules:\n  - kind: cpu\n    above: 1', 'line 2: rules 1 name is missing'],
    ['rules:\n  - name: a\n    kind: cpu', 'line 2: rules 1 above is missing'],
    ['rules:\n  - {name: a, kind: helix}\n  - {name: a, kind: helix}', 'line 3: rules 2 name is the name of a rule before it'],
    ['a: &a [x, x]\nb: &b [*a, *a]\nc: &c [*b, *b]\nd: &d [*c, *c, *c, *c, *c, *c]\ne: [*d, *d, *d, *d, *d, *d, *d]', 'line 1'],
    ['rules:\n  - *nothing', 'Unresolved alias'],
    ['{"rules": [{"name": "a", "kind": "cpu", "above": null}]}', 'line 1: rules 1 above'],
  ])('%j is refused with a line', (text, why) => expect(faultOf(text)).toContain(why))
})

describe('what is wrong with a file is said in words for people', () => {
  test.each([
    ['rules: [{ name: a, kind: stream }]', 'line 1: rules 1 channel is missing'],
    ['rules: [{ name: a, kind: health, services: [] }]', 'services must not be empty'],
    ['rules: [{ name: a, kind: health, severity: bad }]', 'severity must be one of info, warning or critical'],
    ['rules: [{ name: a, kind: health, enabled: 3 }]', 'enabled must be true or false'],
    [`rules: ${'['.repeat(20_000)}${']'.repeat(20_000)}`, 'line 1: it is nested too deeply'],
  ])('%s', (text, said) => {
    expect(faultOf(text)).toContain(said)
    expect(faultOf(text)).not.toMatch(/expected|received|Too small|call stack/)
  })
})
