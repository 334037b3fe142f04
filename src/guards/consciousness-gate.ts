import type { Gates } from '#src/gates/gates.ts'
import type { Gate } from '#src/kernel/dispatch.ts'
import { UserError } from '#src/kernel/errors.ts'

/** Deployments need a system that is well enough: whoever asks, at whatever door. The operation looks once more when it begins. */
export function consciousnessGate(gates: Pick<Gates, 'judge'>): Gate {
  return async ({ plan: { change, place, environment } }) => {
    const judged = await gates.judge(change, place, environment.name)
    if (!judged) return undefined
    const { facts, refusal } = judged
    return refusal === undefined ? { facts } : { facts, refusal: new GateShut(refusal, environment.name) }
  }
}

/** Shown like any refusal, with who may override it and where to look. */
class GateShut extends UserError {
  constructor(why: string, environment: string) {
    const how = 'Nothing was done. A rollback goes through at any time; an admin can let one deployment through with /gate override.'
    super(`${why} ${how}`, [
      { label: 'Consciousness', command: 'consciousness', arguments: { environment } },
      { label: 'The gate', command: 'gate.show', arguments: { environment } },
    ])
  }
}
