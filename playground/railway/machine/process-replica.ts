import { type ChildProcess, spawn } from 'node:child_process'
import { createInterface } from 'node:readline'
import type { Readable } from 'node:stream'
import type { Clock } from '#src/kernel/clock.ts'
import type { Settings } from '../world/model.ts'
import { freePort } from './free-port.ts'
import type { Pacing } from './pacing.ts'
import type { Replica, ReplicaStatus } from './replica.ts'
import type { Slots } from './slots.ts'

export interface ProcessReplicaGiven {
  readonly id: string
  readonly region: string
  readonly settings: Pick<Settings, 'restartPolicyType' | 'restartPolicyMaxRetries'>
  readonly command: { readonly file: string; readonly args: readonly string[] }
  readonly cwd: string
  /** Asked at each start of the process. `isBroken`: it was killed for good, and this one is to end as well. */
  environment(isBroken: boolean): Readonly<Record<string, string>>
  readonly slots: Slots
  readonly pacing: Pacing
  readonly clock: Clock
  onLine(line: string, from: 'stdout' | 'stderr'): void
  onStatus(status: ReplicaStatus): void
}

/** A replica that is a real process, kept up by its restart policy. */
export function createProcessReplica(given: ProcessReplicaGiven): Replica {
  const { id, region, settings, pacing, clock } = given
  const traffic = { received: 0, sent: 0 }
  let status: ReplicaStatus = 'CREATED'
  let child: ChildProcess | undefined
  let port: number | undefined
  /** The loop that keeps it up; undefined while it is not meant to run. */
  let keeping: { readonly ended: Promise<void>; readonly stop: AbortController } | undefined
  let restarting = false
  let givenUp = false
  let broken = false
  /** The pause before it is started again. */
  let pause: AbortController | undefined

  function set(next: ReplicaStatus): void {
    status = next
    given.onStatus(next)
  }

  /** One life of the process: resolves when it has ended and said its last line. */
  async function live(stop: AbortSignal): Promise<{ readonly clean: boolean; readonly upMs: number }> {
    const release = await given.slots()
    try {
      port = await freePort()
      if (stop.aborted) return { clean: true, upMs: 0 }
      const since = clock.now().getTime()
      const ended = begin()
      const mine = child
      void listening(ended).then(() => {
        release()
        if (child === mine && !restarting && !stop.aborted) set('RUNNING')
      })
      const clean = await ended
      return { clean, upMs: clock.now().getTime() - since }
    } finally {
      child = undefined
      port = undefined
      release()
    }
  }

  function begin(): Promise<boolean> {
    child = spawn(process.execPath, ['--import', preload, given.command.file, ...given.command.args], {
      cwd: given.cwd,
      env: { ...given.environment(broken), PORT: String(port) },
      stdio: ['ignore', 'pipe', 'pipe', 'ipc'],
      detached: true, // a group of its own: Ctrl-C at the terminal is for the playground, which ends it in order
    })
    relay(child.stdout!, (line) => given.onLine(line, 'stdout'))
    relay(child.stderr!, (line) => given.onLine(line, 'stderr'))
    child.once('error', (error) => given.onLine(`The process could not be started: ${error.message}`, 'stderr'))
    const started = child
    return new Promise((resolve) => started.once('close', (code) => resolve(code === 0)))
  }

  /** Resolves when the process listens, has ended, or is taken not to be a server. */
  async function listening(ended: Promise<unknown>): Promise<void> {
    const late = new AbortController()
    const said = new Promise((resolve) => child?.once('message', resolve))
    await Promise.race([said, ended, clock.sleep(pacing.listenMs, late.signal)])
    late.abort()
  }

  /** https://docs.railway.com/reference/config-as-code#restart-policy-type: only failures are counted, and only where they are what matters. */
  function isLast(clean: boolean, crashes: number): boolean {
    const { restartPolicyType, restartPolicyMaxRetries } = settings
    if (restartPolicyType === 'ALWAYS') return false
    return clean || restartPolicyType === 'NEVER' || crashes >= restartPolicyMaxRetries
  }

  async function keepUp(stop: AbortSignal): Promise<void> {
    for (let crashes = 0; !stop.aborted; ) {
      const { clean, upMs } = await live(stop)
      if (stop.aborted) return
      if (!restarting) {
        if (upMs >= pacing.stableMs) crashes = 0
        givenUp = isLast(clean, crashes)
        set(clean ? 'EXITED' : 'CRASHED')
        if (givenUp) return
        await rest(Math.min(pacing.restartMs * 2 ** crashes, 5_000), stop)
        crashes++
        if (!stop.aborted && !restarting) set('RESTARTING')
      }
      if (restarting) crashes = 0
      restarting = false
    }
  }

  /** Cut short by a restart. */
  async function rest(ms: number, stop: AbortSignal): Promise<void> {
    pause = new AbortController()
    await clock.sleep(ms, AbortSignal.any([stop, pause.signal]))
    pause = undefined
  }

  async function end(drainSeconds: number): Promise<void> {
    const ending = child
    if (!ending) return
    const ended = new AbortController()
    ending.once('close', () => ended.abort())
    ending.kill('SIGTERM')
    await clock.sleep(drainSeconds * 1_000, ended.signal)
    if (!ended.signal.aborted) ending.kill('SIGKILL')
  }

  function start(): void {
    if (keeping) return
    givenUp = false
    const stop = new AbortController()
    const ended = keepUp(stop.signal).finally(() => {
      keeping = undefined
    })
    keeping = { ended, stop }
  }

  return {
    id,
    region,
    traffic,
    get status() {
      return status
    },
    get givenUp() {
      return givenUp
    },
    get pid() {
      return child?.pid
    },
    get port() {
      return port
    },
    start() {
      set('INITIALIZING')
      start()
    },
    async stop(drainSeconds, as) {
      const loop = keeping
      set('REMOVING')
      loop?.stop.abort()
      await Promise.all([end(drainSeconds), loop?.ended])
      set(as)
    },
    kill(forGood) {
      const pid = child?.pid
      broken ||= forGood
      child?.kill('SIGKILL')
      return pid
    },
    restart(drainSeconds) {
      broken = false
      set('RESTARTING')
      if (!keeping) return start()
      restarting = child !== undefined || pause !== undefined
      pause?.abort()
      void end(drainSeconds)
    },
  }
}

const preload = new URL('../preload.ts', import.meta.url).href

function relay(stream: Readable, line: (text: string) => void): void {
  createInterface({ input: stream, crlfDelay: Number.POSITIVE_INFINITY }).on('line', line)
}
