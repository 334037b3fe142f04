import { systemClock } from '#src/kernel/clock.ts'
import { ConfigError, configExitCode } from '#src/kernel/errors.ts'
import { createLaunch, type LaunchOptions } from './launch.ts'
import { EndedEarly } from './run.ts'
import { onStopRequest } from './stop-request.ts'

/** What a shell answers for a program that Ctrl-C ended. */
const killedCode = 130

/** The launcher as a process, from its start to its exit code. */
export async function runLauncher(options: Pick<LaunchOptions, 'env' | 'root' | 'service'>): Promise<void> {
  const say = (sentence: string) => console.log(sentence)
  const launch = createLaunch({ ...options, say, clock: systemClock() })
  let asked = false
  let killed = false
  const end = async (code: number) => {
    await launch.stop()
    process.exit(killed ? killedCode : code)
  }
  onStopRequest(
    process,
    () => {
      asked = true
      say('Helix stops, and everything that it started. Press Ctrl-C again to end it at once.')
      void end(0)
    },
    () => {
      killed = true
      launch.kill()
      setTimeout(() => process.exit(killedCode), 500)
    },
  )
  try {
    const where = await launch.start()
    if (!asked) say(`Helix is ready in ${(performance.now() / 1_000).toFixed(1)} s: ${where}`)
  } catch (error) {
    if (asked) return // It was interrupted, and `end` is at work.
    if (isConfigRefusal(error)) return end(configExitCode) // The program has said it, in one error for all variables.
    console.error(sentenceOf(error))
    await end(1)
  }
}

function isConfigRefusal(error: unknown): boolean {
  return error instanceof EndedEarly && error.ending.code === configExitCode
}

function sentenceOf(error: unknown): string {
  if (error instanceof ConfigError) return error.message
  if (error instanceof EndedEarly) return `Helix did not start: one of its programs ${error.message}. What it said is above.`
  const { code, path } = error as NodeJS.ErrnoException
  if (code === 'ENOSPC' || code === 'EDQUOT')
    return 'Helix cannot start: the disk that holds the data folder is full. Free some space and start again.'
  if (code === 'EACCES' || code === 'EROFS')
    return `Helix cannot start: it may not write to ${path}. Set HELIX_DATA to a folder that it may write to.`
  return `Helix did not start: ${error instanceof Error ? error.stack : String(error)}`
}
