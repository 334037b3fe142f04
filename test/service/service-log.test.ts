import { expect, test } from 'vitest'
import { createServiceLog } from '#src/service/service-log.ts'
import { tokenFor } from '#test/support/service.ts'

function written(write: (log: ReturnType<typeof createServiceLog>) => void): readonly string[] {
  const lines: string[] = []
  write(createServiceLog({ service: 'tested', level: 'info', destination: { write: (line) => void lines.push(line) } }))
  return lines
}

test('secret fields never reach the log, at any depth that the base writes', () => {
  const lines = written((log) => {
    log.info({ token: 'hunter2', headers: { authorization: 'hunter2' }, req: { headers: { cookie: 'hunter2' } } }, 'x')
    log.info({ headers: { 'x-zapier-signature': 'hunter2' }, 'x-api-key': 'hunter2', a: { b: { client_secret: 'hunter2' } } }, 'x')
    log.error({ err: Object.assign(new Error('redis://:hunter2@host'), { command: { args: ['hunter2'] } }) }, 'x')
    log.error({ err: new Error('outer', { cause: new Error('postgres://a:hunter2@host') }) }, 'x')
    log.child({ token: 'hunter2' }).info({}, 'x')
  })
  expect(lines).toHaveLength(5)
  expect(lines.join('')).not.toContain('hunter2')
})

test.each([
  ['a JSON Web Token', tokenFor({ sub: 'x' })],
  ['one in a header', `authorization: Bearer ${tokenFor({ sub: 'x' })}`],
  ['one in an address', `ws://host/ws/consciousness?client_id=7&token=${tokenFor({ sub: 'x' })}`],
  ['a token of another form in an address', 'https://host/x?access_token=hunter2&a=1'],
  ['a key in an address', 'https://host/x?apikey=hunter2'],
  ['a signature in an address', 'https://host/x?a=1&signature=hunter2'],
  ['a password in an address', 'amqp://helix:hunter2@host/x'],
  ['where webhooks come in', 'POST /webhooks/railway/hunter2hunter2 404'],
  ['a basic header', 'Basic aHVudGVyMjpodW50ZXIy'],
])('%s is replaced in whichever field it stands, and the line stays JSON', (_what, text) => {
  const lines = written((log) => {
    log.warn({ reason: `it said: ${text}`, deep: { deeper: { deepest: [text, { 'a "quoted" key': text }] } } }, `about ${text}`)
    log.error({ err: new Error(`got "${text}"`) }, 'x')
  })
  for (const line of lines) expect(Object.keys(JSON.parse(line))).toContain('msg')
  expect(lines.join('')).not.toMatch(/hunter2|eyJ\w|aHVud/)
  expect(lines.join('')).toContain('[redacted]')
})

test('what is no secret stays as it is', () => {
  const [line = ''] = written((log) => log.info({ url: 'https://host/a?page=2&limit=10', text: 'the token is missing' }, 'keys: 7'))
  expect(JSON.parse(line)).toMatchObject({ url: 'https://host/a?page=2&limit=10', text: 'the token is missing', msg: 'keys: 7' })
})
