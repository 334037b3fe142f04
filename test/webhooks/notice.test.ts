import fc from 'fast-check'
import { describe, expect, test } from 'vitest'
import { readNotice } from '#src/webhooks/notice.ts'
import { turnsOf } from '#src/webhooks/turns.ts'
import { payload } from './payloads.ts'

describe('a webhook is read', () => {
  test('as it is documented', () => {
    expect(readNotice(payload('Deployment.failed'))).toEqual({
      type: 'deploymentfailed',
      said: 'Deployment.failed',
      project: 'p',
      environment: { id: 'e', name: 'production' },
      service: { id: 's-api', name: 'api' },
      deployment: 'd-1',
      about: undefined,
      critical: false,
      severity: 'warning',
      at: new Date('2026-11-21T12:00:00Z'),
      digest: expect.stringMatching(/^[\w-]{43}$/),
    })
  })

  test.each(['Deployment.oom_killed', 'Deployment.oomKilled', 'Deployment.OomKilled', 'DEPLOYMENT_OOM_KILLED', 'deployment.oom-killed'])(
    'whatever its spelling: %s',
    (type) => expect(readNotice(payload(type))?.type).toBe('deploymentoomkilled'),
  )

  test('with nothing but a type', () => {
    expect(readNotice({ type: 'VolumeAlert.triggered' })).toMatchObject({
      ...{ project: undefined, environment: undefined, service: undefined, deployment: undefined, at: undefined },
    })
  })

  test('in the form of before 2025', () => {
    const { project, environment, service, deployment } = payload('').resource
    expect(readNotice({ type: 'DEPLOY', status: 'SUCCESS', project, environment, service, deployment })).toMatchObject({
      ...{ type: 'deploy', project: 'p', environment: { id: 'e' }, service: { id: 's-api' }, deployment: 'd-1' },
    })
  })

  test('without the empty ids of Railway’s test, and a deployment by its details', () => {
    const { resource } = payload('')
    const empty = payload('Deployment.crashed', { resource: { ...resource, service: { id: '', name: '' }, deployment: { id: '' } } })
    expect(readNotice(empty)).toMatchObject({ service: undefined, deployment: 'd-1' })
  })

  test('with wrong types in every field but the type, as if they were missing', () => {
    for (const wrong of [null, 7, 'x', [], true, { id: { id: 1 } }])
      expect(
        readNotice({ type: 'Monitor.triggered', resource: wrong, details: wrong, severity: wrong, timestamp: { wrong } }),
      ).toMatchObject({
        ...{ type: 'monitortriggered', project: undefined, at: undefined, critical: false },
      })
    expect(readNotice(payload('Deployment.failed', { timestamp: null }))?.at).toBeUndefined()
    expect(readNotice(payload('Deployment.failed', { timestamp: 'yesterday' }))?.at).toBeUndefined()
  })

  test('with names that hold no control character and end somewhere, and ids that are ids', () => {
    const { resource } = payload('')
    const hostile = { id: "s'; DROP TABLE", name: 'a\u0000b\u202Ec\n'.repeat(100) }
    const environment = { id: 'e', name: `\u0007${'x'.repeat(500)}` }
    const notice = readNotice(payload('Deployment.failed', { resource: { ...resource, service: hostile, environment } }))
    expect(notice?.service).toBeUndefined()
    expect(notice?.environment?.name).toBe('x'.repeat(100))
  })

  test.each([null, [], 'Deployment.failed', 7, {}, { type: 7 }, { type: '' }, { type: '._ ' }, { type: 'x'.repeat(201) }])(
    'and %j is none',
    (body) => expect(readNotice(body)).toBeUndefined(),
  )

  test('or refused, whatever comes, and never breaks anything', () => {
    fc.assert(
      fc.property(fc.jsonValue(), fc.string({ minLength: 1, maxLength: 30 }), (value, type) => {
        for (const body of [value, { type, resource: value, details: value, timestamp: value }]) {
          const notice = readNotice(body)
          if (notice) expect(Array.isArray(turnsOf(notice))).toBe(true)
        }
      }),
    )
  })
})

describe('what a person has to look after', () => {
  const turns = (type: string, more = {}) =>
    turnsOf(readNotice(payload(type, more))!).map(({ begins, matter }) => `${begins ? '+' : '-'} ${matter}`)

  test.each([
    ['Deployment.oom_killed', ['+ railway:memory:s-api']],
    ['Deployment.NeedsApproval', ['+ railway:approval:d-1']],
    ['Deployment.building', ['- railway:approval:d-1']],
    ['Deployment.deployed', ['- railway:approval:d-1', '- railway:memory:s-api']],
    ['Deployment.redeployed', ['- railway:approval:d-1', '- railway:memory:s-api']],
    // It is restarted after every such kill, by itself.
    ['Deployment.restarted', ['- railway:approval:d-1']],
    ['Deployment.removed', ['- railway:approval:d-1', '- railway:memory:s-api']],
    ['VolumeAlert.triggered', ['+ railway:volume:s-api']],
    ['VolumeAlert.resolved', ['- railway:volume:s-api']],
    ['Monitor.triggered', ['+ railway:monitor:d-1']],
    ['Monitor.resolved', ['- railway:monitor:d-1']],
    ['Monitor.deleted', ['- railway:monitor:d-1']],
    ['Something.else', []],
    ['DEPLOY', []],
  ])('%s: %j', (type, expected) => expect(turns(type)).toEqual(expected))

  test('an alert that names nothing is about its environment', () => {
    const { project, environment } = payload('').resource
    expect(turns('VolumeAlert.triggered', { details: {}, resource: { project, environment } })).toEqual(['+ railway:volume:'])
    expect(turns('Monitor.triggered', { details: {}, resource: { project, environment } })).toEqual(['+ railway:monitor:'])
  })
})
