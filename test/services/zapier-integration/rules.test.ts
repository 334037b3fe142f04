import fc from 'fast-check'
import { describe, expect, test } from 'vitest'
import { applies, digestOf, ruleContent } from '#services/zapier-integration/rules/rule.ts'
import { fillTemplate, TemplateFault, templateFault } from '#services/zapier-integration/rules/template.ts'
import { parseExact } from '#src/kernel/exact-json.ts'
import { fieldAt } from '#src/kernel/field.ts'
import { matchesGlob } from '#src/kernel/glob.ts'

const values = {
  event_id: 'e1',
  event_type: 'deploy.asked',
  timestamp: '2026-11-21T12:00:00.000Z',
  payload: { service: 'web', replicas: 3, nested: { list: ['a', 'b'] }, odd: '{{event_id}}', nothing: null },
}

describe('patterns of event types', () => {
  test.each([
    ['deploy.*', 'deploy.asked', true],
    ['*', '', true],
    ['deploy.asked', 'deploy.asked', true],
    ['deploy', 'deploy.asked', false],
    ['*.asked', 'deploy.asked', true],
    ['a*b*a', 'aba', true],
    ['ab*ba', 'aba', false],
    ['d*y.*d', 'deploy.asked', true],
    ['.', 'x', false],
  ])('%s and %s: %s', (pattern, text, is) => expect(matchesGlob(pattern, text)).toBe(is))

  test('match what the same regular expression matches', () => {
    const word = fc.string({ unit: fc.constantFrom('a', 'b', '*'), maxLength: 8 })
    const text = fc.string({ unit: fc.constantFrom('a', 'b'), maxLength: 12 })
    fc.assert(
      fc.property(word, text, (pattern, of) => matchesGlob(pattern, of) === new RegExp(`^${pattern.replaceAll('*', '.*')}$`).test(of)),
    )
  })
})

describe('templates', () => {
  test('take values by their path, and a hole alone keeps the type', () => {
    expect(fillTemplate('{{payload.replicas}}', values)).toBe(3)
    expect(fillTemplate('{{ payload.nested.list.1 }} of {{payload.service}} at {{event_type}}', values)).toBe('b of web at deploy.asked')
    expect(fillTemplate(7, values)).toBe(7)
  })
  test('pass numbers that JavaScript cannot hold as they were written', () => {
    const exact = { ...values, payload: parseExact('{"id":12345678901234567890}') }
    expect(fillTemplate('{{payload.id}}', exact)).toBe('12345678901234567890')
    expect(fillTemplate('user {{payload.id}}', exact)).toBe('user 12345678901234567890')
    expect(() => fillTemplate('{{payload.id.rawJSON}}', exact)).toThrow(TemplateFault)
    const rule = { enabled: true, event: '*', where: { id: '12345678901234567890' } }
    expect(applies(rule, exact)).toBe(true)
    expect(applies({ ...rule, where: { id: '12345678901234567891' } }, exact)).toBe(false)
  })
  test('are values, never code: what comes in is not read again', () => {
    expect(fillTemplate('{{payload.odd}}', values)).toBe('{{event_id}}')
    expect(fillTemplate('x {{payload.odd}}', values)).toBe('x {{event_id}}')
    expect(fillTemplate('$& {{payload.service}} $1', { ...values, payload: { service: "$& $' $1" } })).toBe("$& $& $' $1 $1")
  })
  test.each(['{{payload.missing}}', '{{payload.nested}}', '{{payload.nothing}}', '{{payload.constructor.name}}', '{{payload.__proto__}}'])(
    '%s is refused',
    (template) => expect(() => fillTemplate(template, values)).toThrow(TemplateFault),
  )
  test.each(['{{process.env}}', '{{payload.a', 'a }}', '{{1+1}}', '{{payload["a"]}}', '{{}}'])('%s is no template', (template) =>
    expect(templateFault(template)).toBeDefined(),
  )
  test('whatever the payload, a value comes out or a fault', () => {
    fc.assert(
      fc.property(fc.json(), fc.string(), (payload, path) => {
        try {
          fillTemplate(`{{payload.${path}}}`, { ...values, payload: JSON.parse(payload) })
        } catch (error) {
          expect(error).toBeInstanceOf(TemplateFault)
        }
      }),
    )
  })
  test('only what the data itself has is found', () => {
    expect(fieldAt({}, 'toString')).toBeUndefined()
    expect(fieldAt(JSON.parse('{"__proto__": {"a": 1}}'), '__proto__.a')).toBe(1)
  })
})

describe('rules', () => {
  const rule = ruleContent.parse({
    name: 'scale-web',
    event: 'deploy.*',
    where: { service: 'web', 'nested.list.0': 'a' },
    command: 'scale',
    arguments: { service: '{{payload.service}}', replicas: '{{payload.replicas}}' },
  })
  test('are for events whose type and fields fit, while they are enabled', () => {
    expect(applies({ ...rule, enabled: true }, values)).toBe(true)
    expect(applies({ ...rule, enabled: false }, values)).toBe(false)
    expect(applies({ ...rule, enabled: true, where: { service: 'api' } }, values)).toBe(false)
    expect(applies({ ...rule, enabled: true, where: { replicas: '3' } }, values)).toBe(false)
    expect(applies({ ...rule, enabled: true, where: { missing: null } }, values)).toBe(true)
  })
  test('what is confirmed covers all that it does, in whatever order, and not its name', () => {
    const digest = digestOf(rule)
    expect(digestOf({ ...rule, name: 'other', where: { 'nested.list.0': 'a', service: 'web' } })).toBe(digest)
    const changes = [{ event: '*' }, { where: {} }, { command: 'restart' }, { arguments: {} }, { environment: 'production' }]
    expect(new Set([digest, ...changes.map((change) => digestOf({ ...rule, ...change }))]).size).toBe(6)
  })
  test.each([
    ['a name with spaces', { name: 'a b' }],
    ['a command that is none', { command: 'rm -rf /' }],
    ['a template with code', { arguments: { x: '{{process.exit()}}' } }],
    ['a path that is none', { where: { 'a b': 1 } }],
    ['a number that lost digits', { where: { id: 2 ** 60 } }],
    ['NUL', { event: 'a\0' }],
    ['a field that is not known', { run: 'x' }],
  ])('%s: refused', (_what, change) => expect(ruleContent.safeParse({ ...rule, ...change }).success).toBe(false))
})
