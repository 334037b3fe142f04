import { chmod, mkdtemp, rm } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { onTestFinished } from 'vitest'

/** A folder for one test, removed after it. */
export async function temporaryFolder(): Promise<string> {
  const folder = await mkdtemp(join(tmpdir(), 'helix-launch-'))
  await chmod(folder, 0o755) // As a clone is: a server that may not run as root must get in.
  onTestFinished(() => rm(folder, { recursive: true, force: true }))
  return folder
}
