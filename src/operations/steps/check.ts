import { UpstreamError, UserError } from '#src/kernel/errors.ts'
import { workOut } from '../plan.ts'
import { failed, type StepRun } from '../run.ts'

/** Works the change out once more, against what is there now: what was confirmed must still be what would happen, and may still begin. */
export const check: StepRun = async (run) => {
  if (run.steps.check?.status === 'done') return undefined
  const { change, place, digest } = run.operation
  await run.checkpoint('check', 'running', {})
  const worked = await workOut(run.railway, change, place).catch((error: unknown) => {
    if (error instanceof UserError) return failed(error.message)
    if (error instanceof UpstreamError) return failed(`${error.message} ${change.service.name} was left as it was.`)
    throw error
  })
  if ('status' in worked) return worked
  if (worked.digest !== digest) {
    const { sentence } = worked.prepared
    const instead = sentence === run.operation.sentence ? '' : ` It would now be: ${sentence}`
    return failed(
      `${change.service.name} was changed by somebody else after this was planned, so nothing was done.${instead} Look at it and ask again.`,
    )
  }
  const refusal = await run.refused()
  if (refusal !== undefined) return failed(`${refusal} That is so since this was asked for, and nothing was done.`)
  await run.checkpoint('check', 'done', worked.prepared)
  return undefined
}
