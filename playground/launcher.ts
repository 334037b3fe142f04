import { EventEmitter, once } from 'node:events'
import { z } from 'zod'
import { UserError } from '#src/kernel/errors.ts'
import type { ProcessEntry } from './process-list.ts'

/** What the launcher's process and this one say to each other, besides `{ready: true, …}` and `{healthy: true}`. */
const processes = z.object({ processes: z.array(z.object({ name: z.string(), pid: z.number() })) })
const stores = z.object({ stores: z.record(z.string(), z.string()) })
const botStarted = z.object({ botStarted: z.literal(true) })
const answer = z.object({ id: z.number(), pid: z.number().optional(), error: z.string().optional() })

export type Act = 'stop' | 'start' | 'kill'

/** The launcher, which runs the stores and the bot, as the playground sees it. */
export interface Launcher {
  processes(): readonly ProcessEntry[]
  /** Resolves when the bot has started for the first time. */
  botStarted(): Promise<void>
  /** The variables that name the provided stores, as soon as these answer. */
  stores(): Promise<Readonly<Record<string, string>>>
  /** Has it stop, start or kill one of its processes; answers the process id that it had or has. Throws with its sentence. */
  ask(process: string, act: Act): Promise<number | undefined>
  tell(message: object): void
}

/** The channel to the process that started this one. */
export function createLauncher(channel: Pick<NodeJS.Process, 'on' | 'send' | 'connected'>): Launcher {
  const answers = new EventEmitter<Record<string, [z.output<typeof answer>]>>()
  const provided = Promise.withResolvers<Readonly<Record<string, string>>>()
  const started = Promise.withResolvers<void>()
  let known: readonly ProcessEntry[] = []
  let asked = 0
  channel.on('message', (message: unknown) => {
    const list = processes.safeParse(message)
    if (list.success) known = list.data.processes
    const given = stores.safeParse(message)
    if (given.success) provided.resolve(given.data.stores)
    if (botStarted.safeParse(message).success) started.resolve()
    const answered = answer.safeParse(message)
    if (answered.success) answers.emit(`${answered.data.id}`, answered.data)
  })
  // A launcher that was killed hears nothing, and this process ends as well (see its leash).
  const tell = (message: object) => {
    if (channel.connected) channel.send?.(message, undefined, undefined, () => {})
  }
  return {
    processes: () => known,
    botStarted: () => started.promise,
    stores: () => provided.promise,
    async ask(process, act) {
      asked += 1
      const answered = once(answers, `${asked}`) as Promise<[z.output<typeof answer>]>
      tell({ id: asked, process, act })
      const [{ pid, error }] = await answered
      if (error !== undefined) throw new UserError(error)
      return pid
    },
    tell,
  }
}
