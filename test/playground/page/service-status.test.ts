import { expect, test } from 'vitest'
import { serviceStatus } from '#playground/page/session/service-status.ts'

const deployments = (...statuses: readonly string[]) =>
  statuses.map((status, n) => ({ id: `id-${n}`, status, createdAt: '', commit: String(n).repeat(40), message: null }))

test.each([
  [[], 'not deployed', undefined],
  [['SUCCESS', 'REMOVED'], 'SUCCESS', undefined],
  [['FAILED'], 'FAILED', undefined],
  [['FAILED', 'SUCCESS'], 'SUCCESS', '1111111 serves; the newest, 0000000, failed'],
  [['BUILDING', 'FAILED', 'SUCCESS'], 'SUCCESS', '2222222 serves; the newest, 0000000, is building'],
  [['SKIPPED', 'SLEEPING'], 'SLEEPING', '1111111 serves; the newest, 0000000, was skipped'],
  [['CRASHED', 'REMOVED'], 'CRASHED', undefined],
])('%o: %s, %s', (statuses, status, note) => {
  expect(serviceStatus({ deployments: deployments(...statuses) })).toEqual({ status, note })
})
