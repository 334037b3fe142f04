import { expect, test } from 'vitest'
import { checkVariables } from '#src/launch/check-variables.ts'

test('variables that the playground cannot use are all named at once, and no value is printed', () => {
  const check = () => checkVariables({ LOG_LEVEL: 'sesame', PLAYGROUND_PORT: '99999' })
  expect(check).toThrow(/LOG_LEVEL must be.*PLAYGROUND_PORT must be/s)
  expect(check).not.toThrow(/sesame|99999/)
})
test.each([{}, { LOG_LEVEL: 'debug', PLAYGROUND_PORT: '0' }, { PLAYGROUND_PORT: '65535' }])('%o can be used', (env) => {
  expect(() => checkVariables(env)).not.toThrow()
})
