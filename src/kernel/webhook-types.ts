import { matchesGlob } from './glob.ts'

const of = (family: string, what: readonly string[]) => what.map((each) => `${family}.${each}`)

/** What Railway is known to send, as it spells it most of the time. Its documentation has no list: others may come. */
export const webhookTypes: readonly string[] = [
  ...of('Deployment', ['failed', 'crashed', 'oom_killed', 'needs_approval', 'waiting', 'queued', 'building', 'deploying', 'deployed']),
  ...of('Deployment', ['redeployed', 'restarted', 'removed', 'slept', 'resumed']),
  ...of('Monitor', ['triggered', 'resolved', 'deleted']),
  ...of('VolumeAlert', ['triggered', 'resolved']),
]

/** Whether somebody who wrote this means that type: all of it (`Deployment.failed`), or what it says of whatever it is about (`failed`). */
export function meansType(written: string, said: string): boolean {
  const wanted = plain(written)
  return [said, said.replace(/^[^._-]+[._-]/, '')].some((each) => matchesGlob(wanted, plain(each)))
}

/** Railway spells one type in several ways. `*` stays. */
function plain(text: string): string {
  return text.toLowerCase().replaceAll(/[^a-z0-9*]/g, '')
}
