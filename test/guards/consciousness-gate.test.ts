import { beforeEach, describe, expect, test } from 'vitest'
import type { Capabilities } from '#src/capabilities.ts'
import type { Judgement } from '#src/gates/gates.ts'
import { consciousnessGate } from '#src/guards/consciousness-gate.ts'
import type { Call, Door } from '#src/kernel/call.ts'
import type { Directory } from '#src/kernel/directory.ts'
import { createDispatch } from '#src/kernel/dispatch.ts'
import type { Report } from '#src/kernel/report.ts'
import type { Plan } from '#src/operations/operations.ts'
import deploy from '../../commands/deploy.ts'

const place = { guild: 'g', project: 'p', environment: 'e' }
const plan = {
  place,
  environment: { id: 'e', name: 'production' },
  sentence: 'Deploy api.',
  facts: [{ label: 'To', value: 'newest' }],
  seen: [],
  digest: 'D',
}
const shown = { label: 'Consciousness', value: 'level 5 and harmony 8 (kael, 12 s old); needs 6 and 6.5' }
const judged: Judgement = { reading: undefined, facts: [shown], refusal: undefined, override: undefined }

let judgement: Judgement | undefined
let started: Plan[] = []
let confirmedWith: Plan[] = []
beforeEach(() => {
  judgement = judged
  started = []
  confirmedWith = []
})

const answer: Report = { title: 'Deploy', tone: 'neutral', sentence: 'It began.' }
const dispatch = createDispatch({
  book: new Map([['deploy', deploy]]),
  capabilities: {
    operations: {
      plan: async (change: Plan['change']) => ({ ...plan, change }),
      start: async (plan: Plan) => {
        started.push(plan)
        return answer
      },
    },
  } as unknown as Capabilities,
  directory: { environments: async () => [], services: async () => [{ id: 'id-api', name: 'api' }] } as unknown as Directory,
  entry: [],
  gates: [consciousnessGate({ judge: async () => judgement })],
  action: [
    async (step, goOn) => {
      confirmedWith.push(step.plan)
      return goOn()
    },
  ],
})

function ask(raw: Call['raw'] = {}, door: Door = 'slash'): Promise<Report> {
  const actor = { kind: 'member', id: '7', name: 'Ada' } as const
  return dispatch({ key: 'k', command: 'deploy', raw: { service: 'api', ...raw }, actor, door, place })
}

describe('a gate that is open', () => {
  test('shows its reading in the confirmation and in the operation', async () => {
    expect(await ask()).toBe(answer)
    expect([confirmedWith[0]!.facts, started[0]!.facts]).toEqual([
      [...plan.facts, shown],
      [...plan.facts, shown],
    ])
  })
  test('shows it in a dry run, which starts nothing', async () => {
    const report = await ask({ 'dry-run': true })
    expect([report.tone, report.facts, started]).toEqual(['neutral', [...plan.facts, shown], []])
  })
  test('that has nothing to say of a change leaves its plan as it is', async () => {
    judgement = undefined
    await ask()
    expect(started[0]!.facts).toEqual(plan.facts)
  })
})

describe('a gate that is shut', () => {
  beforeEach(() => {
    judgement = { ...judged, refusal: 'The gate of production is shut for api: the level is 5 and must be 6.' }
  })
  test.each(['slash', 'button', 'voice', 'rest', 'mcp', 'automation'] as const)(
    'refuses at the door %s before anybody is asked to confirm, and says who may override it',
    async (door) => {
      await expect(ask({}, door)).rejects.toThrow(/^The gate of production is shut .* Nothing was done\. .* an admin .* \/gate override\.$/)
      expect([confirmedWith, started]).toEqual([[], []])
    },
  )
  test('says in a dry run that it would be refused, and why', async () => {
    const report = await ask({ 'dry-run': true })
    expect([report.tone, report.sentence]).toEqual([
      'warning',
      expect.stringContaining('This would be refused at this moment: Deploy api. The gate'),
    ])
    expect(report.facts).toContainEqual(shown)
    expect(report.actions?.map(({ command }) => command)).toEqual(['consciousness', 'gate.show'])
  })
})
