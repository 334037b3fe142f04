import type { Followed, Steps } from './operation.ts'

/** What Railway's states mean to somebody who waits. */
const phases: Readonly<Record<string, string>> = {
  QUEUED: 'Railway has put it in its queue',
  INITIALIZING: 'Railway is getting ready',
  BUILDING: 'Railway is building it',
  DEPLOYING: 'Railway is starting it and waits until it is healthy',
  WAITING: 'Railway waits for the checks of the repository',
  NEEDS_APPROVAL: 'Railway waits for an approval in its dashboard',
}

/** What is going on at the moment, as the end of a sentence. */
export function progressWords({ check, ask, follow, verify }: Steps): string {
  if (verify) return 'Railway is done; Helix makes sure that it runs'
  if (follow) {
    const { phases: seen, trouble } = follow.data as unknown as Followed
    if (trouble !== undefined) return trouble
    const last = seen.at(-1)?.status
    return (last !== undefined && phases[last]) || 'waiting for Railway'
  }
  if (ask?.status === 'done') return 'Railway has begun'
  if (ask) return ask.data.unclear === true ? 'Railway gave no clear answer, so Helix looks whether it happened' : 'asking Railway'
  if (check) return 'checking that it can be done'
  return 'waiting for a worker'
}
