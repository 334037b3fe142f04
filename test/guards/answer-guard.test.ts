import { spawn } from 'node:child_process'
import { randomUUID } from 'node:crypto'
import { once } from 'node:events'
import { expect, onTestFinished, test } from 'vitest'
import deploy from '#commands/deploy.ts'
import { answerGuard } from '#src/guards/answer-guard.ts'
import type { Call } from '#src/kernel/call.ts'
import { UserError } from '#src/kernel/errors.ts'
import type { Report } from '#src/kernel/report.ts'
import type { Change } from '#src/operations/change.ts'
import { createQuestions } from '#src/references/questions.ts'
import { NotAnswered } from '#src/references/references.ts'
import { call, stage } from '#test/operations/support/stage.ts'
import { doublePlace } from '#test/support/railway-double.ts'

const message = { channel: 'c', message: 'm' }

/** A deployment that waits for Ada's Confirm, on a real database. */
async function asked() {
  const set = await stage()
  const { store, delivery, clock, references, operations, railway } = set
  const questions = createQuestions({ store, delivery, clock })
  const service = railway.add('api')
  const change: Change = { kind: 'deploy', service, commit: 'a'.repeat(40) }
  const plan = await operations.plan(change, doublePlace)
  await questions.asked({ ...call(change), reply: message }, plan.sentence)
  const confirms = { by: 'member:7', digest: plan.digest }
  const action = { label: 'Confirm', command: 'deploy', arguments: { service: 'api' }, confirms }
  const answers = references.open(await references.issue({ place: doublePlace, action, answer: 'update' })).id
  const guard = answerGuard(references, questions)
  const pressed = (): Call => ({
    ...call(change),
    key: `discord:${randomUUID()}`,
    door: 'button',
    answers,
    confirmed: confirms,
    reply: message,
  })
  return {
    ...{ set, service, plan, pressed },
    press: (then: (press: Call) => Promise<Report> = (press) => operations.start(plan, press)) => {
      const press = pressed()
      return guard({ call: press, command: deploy, standing: undefined }, () => then(press))
    },
    started: () => store.db.selectFrom('operations').select('id').execute(),
    shows: () => store.db.selectFrom('messages').select('subject').where('message', '=', message.message).execute(),
  }
}

test('of presses at the same moment one starts the change, and the others are told that it was answered', async () => {
  const { press, started, set } = await asked()
  const planning = Array.from({ length: 4 }, () => Promise.withResolvers<void>())
  const together = Promise.all(planning.map(({ promise }) => promise))
  const presses = planning.map(({ resolve }) =>
    press(async (pressed) => {
      resolve()
      await together // Each has seen the question open.
      return set.operations.start(
        await set.operations.plan({ kind: 'deploy', service: set.railway.services.get('id-api')!, commit: 'a'.repeat(40) }, doublePlace),
        pressed,
      )
    }),
  )
  const became = await Promise.allSettled(presses)
  expect(became.filter(({ status }) => status === 'fulfilled')).toHaveLength(1)
  for (const each of became)
    if (each.status === 'rejected') expect(each.reason).toMatchObject({ message: expect.stringMatching('answered already') })
  expect(await started()).toHaveLength(1)
  expect(set.queued).toHaveLength(1)
  await expect(press()).rejects.toBeInstanceOf(NotAnswered)
})

test.each(['planning', 'writing'])('SIGKILL while a press is %s uses nothing up: the next press starts the change, once', async (where) => {
  const { press, pressed, plan, started, shows, set } = await asked()
  const program = new URL('./press-process.ts', import.meta.url).pathname
  const child = spawn(process.execPath, [program, set.url, where, JSON.stringify({ call: pressed(), command: { change: true }, plan })], {
    stdio: ['ignore', 'pipe', 'inherit'],
  })
  onTestFinished(() => void child.kill('SIGKILL'))
  const [said] = await once(child.stdout, 'data')
  expect(`${said}`).toBe(where)
  child.kill('SIGKILL')
  await once(child, 'exit')
  const report = await press()
  expect(await started()).toEqual([{ id: report.operation }])
  expect(set.queued).toEqual([report.operation])
  expect(await shows()).toEqual([{ subject: report.operation }])
  await expect(press()).rejects.toThrow('answered already')
})

test('a yes whose change was refused leaves the refusal where the question stood', async () => {
  const { press, shows } = await asked()
  expect(await shows()).toHaveLength(1)
  const refusal = press(() => Promise.reject(new UserError('The gate is shut, so nothing was done.')))
  await expect(refusal).rejects.toThrow('The gate is shut')
  expect(await shows()).toEqual([])
})

test('a press of somebody else starts nothing and leaves the question open', async () => {
  const { press, pressed, plan, shows, started, set } = await asked()
  const guard = answerGuard(set.references, createQuestions(set))
  const foreign = { ...pressed(), actor: { kind: 'member', id: '8', name: 'Bob' } } as const
  const attempt = guard({ call: foreign, command: deploy, standing: undefined }, () => set.operations.start(plan, foreign))
  await expect(attempt).rejects.toThrow('Only the member who was asked')
  expect(await started()).toEqual([])
  expect(await shows()).toHaveLength(1)
  expect((await press()).operation).toBeDefined()
})
