import { expect, test } from 'vitest'
import { faultOf, rateLimited } from '#src/adapters/railway/faults.ts'
import { UpstreamError, type UpstreamFault } from '#src/kernel/errors.ts'
import { failureReport } from '#src/kernel/failure-report.ts'
import { quietLog } from '#test/support/quiet-log.ts'

const told = (fault: Omit<UpstreamFault, 'provider' | 'operation'>) => {
  const { title, sentence } = failureReport(
    new UpstreamError('It said no.', { provider: 'Peer', operation: 'POST /x', ...fault }),
    quietLog(),
  )
  return [title, sentence]
}

test('a provider that refused has changed nothing', () => {
  expect(told({ outcome: 'refused', retryable: false })).toEqual(['Peer refused', 'It said no. Nothing was changed.'])
})

test('one that was never reached did not refuse', () => {
  expect(told({ outcome: 'refused', retryable: true, reached: false })).toEqual([
    'Peer cannot be reached',
    'It said no. Nothing was changed. Try again in a moment.',
  ])
})

test('what may be asked again is harmless, and is not said to have changed nothing', () => {
  expect(told({ outcome: 'ambiguous', retryable: true })).toEqual([
    'Peer cannot be reached',
    'It said no. Try again in a moment: asking twice does no harm.',
  ])
})

test('where something was only asked for, nothing was changed', () => {
  expect(told({ outcome: 'ambiguous', retryable: true, readOnly: true })[1]).toBe('It said no. Nothing was changed. Try again in a moment.')
})

test('one that says how long to wait is told with that, once', () => {
  const limited = { outcome: 'refused', retryable: true, status: 429 } as const
  expect(told({ ...limited, retryAfterMs: 26_400 })[1]).toBe('It said no. Nothing was changed. Try again in 27 s.')
  expect(told({ ...limited, retryAfterMs: 0 })[1]).toBe('It said no. Nothing was changed. Try again in a moment.')
})

test('what providers and the database say of a failure is not said again', () => {
  const asked = { field: 'deployment', kind: 'query' } as const
  const all = [rateLimited(asked, 27_000), faultOf(new TypeError('', { cause: { code: 'ECONNREFUSED' } }), asked, undefined)]
  for (const error of all) {
    const { sentence } = failureReport(error, quietLog())
    expect(sentence.match(/nothing was (?:done|changed)/gi)).toHaveLength(1)
    expect(sentence.match(/again/gi)).toHaveLength(1)
  }
})

test('a change of which nobody knows whether it happened is said to be one', () => {
  expect(told({ outcome: 'ambiguous', retryable: false })[1]).toBe(
    'It said no. Whether anything was changed is not known: look before you try again.',
  )
})
