import { rename, rm, writeFile } from 'node:fs/promises'
import { setTimeout as wait } from 'node:timers/promises'
import { afterEach, beforeEach, expect, test } from 'vitest'
import type { RunningAlerts } from '#src/alerts/create-alerts.ts'
import { alertsArea } from '#src/doctor/alerts-area.ts'
import { place } from '#test/incidents/stage.ts'
import { hurriedClock } from '#test/support/hurried-clock.ts'
import { type AlertStage, alertStage } from './stage.ts'

let stage: AlertStage
beforeEach(async () => {
  stage = await alertStage({ clock: hurriedClock(100) })
})
afterEach(() => stage.close())

const good = 'rules:\n  - { name: slow, kind: latency, above: 800ms }\n'
const bad = 'rules:\n  - name: slow\n    kind: latency\n    above: much\n'
const own = async (alerts: RunningAlerts) =>
  (await alerts.list(place)).rules.flatMap(({ rule, source, says }) => (source === 'file' ? [`${rule.name}: ${says}`] : []))
const until = async (holds: () => Promise<boolean>) => {
  while (!(await holds())) await wait(20)
}

test('is read at the start and again when it changes; a broken one keeps the last good rules and is said where people look', async () => {
  const { alerts } = stage.one
  const doctor = alertsArea(alerts.file)
  await stage.begin(alerts)
  expect(alerts.file()).toMatchObject({ rules: undefined, fault: undefined })
  expect(await doctor.examine(place)).toMatchObject([{ state: 'ok' }])

  await writeFile(stage.path, good)
  await until(async () => (await own(alerts)).length === 1)
  expect(await own(alerts)).toEqual(['slow: p95 latency above 800 ms for 5 min'])

  await writeFile(`${stage.path}.new`, bad)
  await rename(`${stage.path}.new`, stage.path)
  await until(async () => alerts.file().fault !== undefined)
  const fault = 'line 4: rules 1 above must be a time such as 800ms or 2s'
  expect(await own(alerts)).toEqual(['slow: p95 latency above 800 ms for 5 min'])
  expect((await alerts.list(place)).file).toMatchObject({ rules: 1, fault })
  expect(await doctor.examine(place)).toMatchObject([{ state: 'problem', means: expect.stringContaining(fault) }])
  expect(stage.log.lines.filter(({ level }) => level === 'warn')).toHaveLength(1)

  await writeFile(stage.path, good.replace('800ms', '2s'))
  await until(async () => alerts.file().fault === undefined)
  expect(await own(alerts)).toEqual(['slow: p95 latency above 2 s for 5 min'])

  await rm(stage.path)
  await until(async () => alerts.file().rules === undefined)
  expect(await own(alerts)).toEqual([])
})

test('a start with a broken file goes on with the rules of before', async () => {
  await writeFile(stage.path, good)
  await stage.begin(stage.one.alerts)
  await writeFile(stage.path, bad)
  await stage.begin(stage.other.alerts)
  expect(stage.other.alerts.file().fault).toContain('line 4')
  expect(await own(stage.other.alerts)).toEqual(['slow: p95 latency above 800 ms for 5 min'])
})

test('rules of the file win, cannot be changed by command, and may do without those that Helix brings along', async () => {
  const { alerts } = stage.one
  await writeFile(stage.path, `defaults: false\n${good}`)
  await stage.begin(alerts)
  expect((await alerts.list(place)).rules.map(({ rule }) => rule.name)).toEqual(['slow'])
  const refused = `slow is written in ${stage.path}: change it there. Nothing was changed.`
  await expect(alerts.enable(stage.call(), 'slow', false)).rejects.toThrow(refused)
  await expect(alerts.remove(stage.call(), 'slow')).rejects.toThrow(refused)
  await expect(alerts.add(stage.call(), { name: 'slow', kind: 'helix' })).rejects.toThrow(refused)
})

test('a file that is too large, or no text at all, is said as such', async () => {
  await writeFile(stage.path, `# ${'x'.repeat(300_000)}`)
  await stage.begin(stage.one.alerts)
  expect(stage.one.alerts.file().fault).toContain('more than 256 KB')
  await writeFile(stage.path, 'rules: [] # \0')
  await until(async () => stage.one.alerts.file().fault === 'line 1: the file is no text')
})
