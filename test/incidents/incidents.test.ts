import { afterEach, beforeEach, describe, expect, test } from 'vitest'
import { comesBackWithinMs } from '#src/incidents/incidents.ts'
import type { WrittenRoute } from '#src/incidents/routes.ts'
import { UserError } from '#src/kernel/errors.ts'
import { ada, api, type IncidentStage, omar, openStage, place } from './stage.ts'

let stage: IncidentStage
beforeEach(async () => {
  stage = await openStage()
})
afterEach(() => stage.close())

const down = () => stage.one.incidents.report(stage.trouble())
const minutes = (many: number) => stage.clock.turn(many * 60_000)
const sentences = async (id: string) => {
  const rows = await stage.one.store.db
    .selectFrom('incident_timeline')
    .select('sentence')
    .where('incident', '=', id)
    .orderBy('id')
    .execute()
  return rows.map(({ sentence }) => sentence)
}

describe('opening', () => {
  test('many reports from two processes at one moment open exactly one incident with one message', async () => {
    const reports = Array.from({ length: 12 }, (_, at) => (at % 2 ? stage.one : stage.other).incidents.report(stage.trouble()))
    const told = await Promise.all(reports)
    expect(told.filter(({ opened }) => opened)).toHaveLength(1)
    expect(new Set(told.map(({ incident }) => incident.id)).size).toBe(1)
    expect(await stage.posted()).toEqual([
      'system: Critical: api is down in production. It does not answer. Nobody has acknowledged it yet.',
    ])
    expect(await sentences(told[0]!.incident.id)).toEqual(['Opened: api is down. It does not answer.'])
  })

  test('the index holds where two processes do not take turns', async () => {
    const { incident } = await down()
    const row = await stage.one.store.db.selectFrom('incidents').selectAll().where('id', '=', incident.id).executeTakeFirstOrThrow()
    const { route, facts, evidence, ...rest } = row
    const again = {
      ...rest,
      number: 2,
      id: '00000000-0000-4000-8000-000000000002',
      route: JSON.stringify(route),
      facts: '[]',
      evidence: null,
    }
    await expect(stage.other.store.db.insertInto('incidents').values(again).execute()).rejects.toThrow('incidents_open')
  })

  test('several troubles of a service are one incident, named after the worst; numbers count up', async () => {
    const slow = { fingerprint: 'rule:1:s-api', severity: 'warning', title: 'api is slow', sentence: 'p95 is 2 s.' } as const
    const first = await stage.one.incidents.report(stage.trouble(slow))
    await minutes(1)
    const second = await stage.other.incidents.report(stage.trouble())
    expect(second).toMatchObject({
      opened: false,
      incident: { id: first.incident.id, number: 1, severity: 'critical', title: 'api is down' },
    })
    expect(second.incident.troubles.map(({ title }) => title)).toEqual(['api is slow', 'api is down'])
    const elsewhere = await stage.one.incidents.report(stage.trouble({ place: { ...place, environment: 'e2' } }))
    expect(elsewhere).toMatchObject({ opened: true, incident: { number: 2 } })
    expect(await stage.posted()).toEqual([
      'system: Critical: api is down in production. It does not answer. Nobody has acknowledged it yet.',
      'note: Also: api is down. It does not answer.',
      'system: Critical: api is down in production. It does not answer. Nobody has acknowledged it yet.',
    ])
  })

  test('the same trouble told again in the same words changes nothing', async () => {
    const { incident } = await down()
    const revision = () =>
      stage.one.store.db.selectFrom('living').select('revision').where('subject', '=', incident.id).executeTakeFirstOrThrow()
    const before = await revision()
    await down()
    await stage.other.incidents.report(stage.trouble())
    expect(await revision()).toEqual(before)
    expect(await sentences(incident.id)).toHaveLength(1)
  })
})

describe('ending', () => {
  test('with the last of its troubles it resolves by itself', async () => {
    const { incident } = await down()
    await stage.one.incidents.report(
      stage.trouble({ fingerprint: 'rule:1', severity: 'warning', title: 'api is slow', sentence: 'p95 is 2 s.' }),
    )
    await minutes(4)
    expect(await stage.other.incidents.over(place, 'health:s-api', 'api is healthy.')).toMatchObject({
      state: 'open',
      severity: 'warning',
      title: 'api is slow',
    })
    expect(await stage.one.incidents.over(place, 'rule:1', 'p95 is 90 ms.')).toMatchObject({ state: 'resolved', resolvedBy: undefined })
    expect(await stage.one.incidents.over(place, 'rule:1', 'p95 is 90 ms.')).toBeUndefined()
    expect((await stage.posted())[0]).toBe('system: Resolved by itself after 4 min: api is slow in production. p95 is 90 ms.')
    expect(await sentences(incident.id)).toEqual([
      'Opened: api is down. It does not answer.',
      'Also: api is slow. p95 is 2 s.',
      'No longer: api is down. api is healthy.',
      'It resolved by itself: p95 is 90 ms.',
    ])
  })

  test('the same end seen by two processes at once is told once', async () => {
    const { incident } = await down()
    const ended = await Promise.all([stage.one, stage.other].map(({ incidents }) => incidents.over(place, 'health:s-api', 'It is well.')))
    expect(ended.filter(Boolean)).toHaveLength(1)
    expect(await sentences(incident.id)).toHaveLength(2)
  })

  test('trouble that comes back soon takes the same incident up again, and who acknowledged it has it still', async () => {
    const { incident } = await down()
    await stage.one.incidents.acknowledge(incident.id, ada)
    await stage.one.incidents.over(place, 'health:s-api', 'It is well.')
    await stage.clock.turn(comesBackWithinMs)
    expect(await down()).toMatchObject({ opened: false, incident: { id: incident.id, state: 'acknowledged', acknowledgedBy: 'Ada' } })
    expect(await stage.posted()).toEqual([
      'system: Critical: api is down in production. It does not answer. Ada acknowledged it.',
      'note: Ada acknowledged it.',
      'note: It resolved by itself: It is well.',
      'note: It came back: api is down. It does not answer.',
    ])
  })

  test('trouble that comes back later is a new incident', async () => {
    const { incident } = await down()
    await stage.one.incidents.over(place, 'health:s-api', 'It is well.')
    await stage.clock.turn(comesBackWithinMs + 1)
    expect(await down()).toMatchObject({ opened: true, incident: { number: incident.number + 1 } })
  })

  test('what was told and is over opens nothing when it is told again', async () => {
    const told = stage.trouble()
    const { incident } = await stage.one.incidents.report(told)
    await minutes(1)
    await stage.one.incidents.over(place, told.fingerprint, 'It is well.')
    expect(await stage.other.incidents.report(told)).toMatchObject({ opened: false, incident: { id: incident.id, state: 'resolved' } })
  })
})

describe('a resolve wins every race', () => {
  test.each([0, 2, 3, 5, 7, 9])('against acknowledgements, silences, escalations and reports at the same moment (%i)', async (first) => {
    await stage.one.routes.add(callOf(), { ...plainRoute, roles: '@oncall', escalate: '5m @admins' })
    const { incident } = await down()
    const trouble = stage.trouble()
    await minutes(1)
    const { id } = incident
    const until = new Date(stage.clock.now().getTime() + 60_000)
    const acts = [stage.one, stage.other].flatMap(({ incidents }) => [
      () => incidents.acknowledge(id, omar),
      () => incidents.report({ ...trouble, sentence: 'It still does not answer.' }),
      () => incidents.silence(id, until, omar),
      () => incidents.escalate(id, omar),
      () => incidents.resolve(id, ada, 'It was the cache.'),
    ])
    const outcomes = await Promise.allSettled([...acts.slice(first), ...acts.slice(0, first)].map((act) => act()))
    for (const outcome of outcomes) if (outcome.status === 'rejected') expect(outcome.reason).toBeInstanceOf(UserError)
    expect(await stage.one.incidents.find(id)).toMatchObject({ state: 'resolved', resolvedBy: 'Ada', troubles: [] })
    expect(await stage.one.incidents.list(place)).toEqual([])
    const told = await sentences(id)
    expect(told.at(-1)).toBe('Ada resolved it: It was the cache.')
    expect(told.filter((sentence) => sentence.startsWith('Ada resolved it'))).toHaveLength(1)
  })

  test('what comes after it is refused, with who was first', async () => {
    const { incident } = await down()
    await stage.one.incidents.resolve(incident.id, ada, '')
    const refused = 'Incident 1 is resolved already, by Ada. Nothing was done.'
    await expect(stage.other.incidents.acknowledge(incident.id, omar)).rejects.toThrow(refused)
    await expect(stage.other.incidents.resolve(incident.id, omar, '')).rejects.toThrow(refused)
    await expect(stage.other.incidents.escalate(incident.id, undefined)).rejects.toThrow(refused)
  })

  test('trouble of before does not open it again, trouble that began since opens a new one', async () => {
    const since = stage.clock.now()
    const { incident } = await stage.one.incidents.report(stage.trouble({ since }))
    await minutes(1)
    await stage.one.incidents.resolve(incident.id, ada, '')
    expect(await stage.other.incidents.report(stage.trouble({ since }))).toMatchObject({ opened: false, incident: { state: 'resolved' } })
    await minutes(1)
    expect(await stage.other.incidents.report(stage.trouble())).toMatchObject({ opened: true, incident: { number: 2 } })
  })
})

describe('acknowledging', () => {
  test('two presses at once: one has it, the other is told who', async () => {
    const { incident } = await down()
    const [one, other] = await Promise.allSettled([
      stage.one.incidents.acknowledge(incident.id, ada),
      stage.other.incidents.acknowledge(incident.id, omar),
    ])
    const refused = [one, other].filter((each) => each.status === 'rejected')
    expect(refused).toHaveLength(1)
    expect(refused[0]!.reason).toMatchObject({ message: expect.stringMatching(/^(Ada|Omar) acknowledged incident 1 already/) })
    expect((await sentences(incident.id)).filter((sentence) => sentence.endsWith('acknowledged it.'))).toHaveLength(1)
  })

  test('sticks, whatever is told of the incident afterwards', async () => {
    const { incident } = await down()
    await stage.one.incidents.acknowledge(incident.id, ada)
    await stage.other.incidents.report(
      stage.trouble({ fingerprint: 'rule:1', severity: 'warning', title: 'api is slow', sentence: 'p95 is 2 s.' }),
    )
    await stage.other.incidents.report(stage.trouble({ sentence: 'It crashed again.' }))
    await stage.other.incidents.note(incident.id, 'A restart did not help.')
    expect(await stage.one.incidents.find(incident.id)).toMatchObject({ state: 'acknowledged', acknowledgedBy: 'Ada' })
    expect((await stage.posted())[0]).toContain('It crashed again. Ada acknowledged it.')
  })
})

describe('the timeline', () => {
  test('is append-only', async () => {
    await down()
    const { db } = stage.one.store
    await expect(db.updateTable('incident_timeline').set({ sentence: 'no' }).execute()).rejects.toThrow('append-only')
    await expect(db.deleteFrom('incident_timeline').execute()).rejects.toThrow('append-only')
  })

  test('notes what several processes see once, and how a change ended that outlived the incident', async () => {
    const { incident } = await down()
    const told = { place, service: api.id, operation: 'op-1' }
    const began = { ...told, stage: 'began', sentence: 'Ada began this: Restart api in production.' }
    await Promise.all([stage.one, stage.other].map(({ incidents }) => incidents.operation(began)))
    await stage.one.incidents.over(place, 'health:s-api', 'It is well.')
    const ended = { ...told, stage: 'succeeded', sentence: 'api was restarted.' }
    await Promise.all([stage.one, stage.other].map(({ incidents }) => incidents.operation(ended)))
    await stage.one.incidents.operation({ ...told, operation: 'op-2', stage: 'began', sentence: 'Of no concern.' })
    expect(await sentences(incident.id)).toEqual([
      'Opened: api is down. It does not answer.',
      'Ada began this: Restart api in production.',
      'It resolved by itself: It is well.',
      'api was restarted.',
    ])
  })

  test('is Markdown in which nothing of others is Markdown, a mention or a link', async () => {
    const hostile = stage.trouble({
      title: '**api** <@&71> @everyone',
      sentence: '[click](https://evil.test)\n# big\u202e `x`',
      lines: ['```\n@here'],
    })
    const { incident } = await stage.one.incidents.report(hostile)
    await minutes(2)
    await stage.one.incidents.acknowledge(incident.id, ada)
    const markdown = await stage.one.incidents.timeline(incident.id)
    expect(markdown).toBe(
      [
        '# Incident 1: \\*\\*api\\*\\* \\<@\u200b&71\\> @\u200beveryone',
        '- State: acknowledged, acknowledged by Ada\n- Severity: critical\n- Service: api\n- Environment: production\n- Since: 2026-11-21 12:00:00',
        '## Timeline',
        '- 2026-11-21 12:00:00 Opened: \\*\\*api\\*\\* \\<@\u200b&71\\> @\u200beveryone. \\[click\\]\\(https:\u200b//evil.test\\) \\# big \\`x\\`\n- 2026-11-21 12:02:00 Ada acknowledged it.',
        '## First error lines',
        '```\n\u02cb\u02cb\u02cb @here\n```',
      ].join('\n\n'),
    )
  })
})

const plainRoute: WrittenRoute = {
  ...{ channel: '#ops', severity: 'info', service: undefined, environment: undefined },
  ...{ roles: undefined, quiet: undefined, zone: 'UTC', escalate: undefined },
}
const callOf = () => ({ place, actor: ada }) as unknown as Parameters<typeof stage.one.routes.add>[0]
