import { z } from 'zod'
import type { Fault } from './emulator.ts'
import type { Act, Launcher } from './launcher.ts'

const none = z.object({})
const which = z.object({ process: z.enum(['bot', 'gateway', 'worker']).optional().describe('gateway or worker, where they run apart') })

/** Faults of what the emulators do not run: the stores and the bot itself. */
export function processFaults(launcher: Launcher): Readonly<Record<string, Fault>> {
  const store = (name: string, act: Act, describe: string): Fault => ({
    describe,
    schema: none,
    inject: async () => ({ process: name, done: act, pid: await launcher.ask(name, act) }),
  })
  const kill: Fault<z.output<typeof which>> = {
    describe: 'Kill the bot (SIGKILL). It is started again by itself.',
    schema: which,
    async inject({ process: named }) {
      const process = named ?? (launcher.processes().some(({ name }) => name === 'gateway') ? 'gateway' : 'bot')
      return { process, done: 'kill', pid: await launcher.ask(process, 'kill') }
    },
  }
  return {
    'redis.stop': store('redis', 'stop', 'Stop Redis. It stays away until it is started.'),
    'redis.start': store('redis', 'start', 'Start Redis again.'),
    'postgres.stop': store('postgres', 'stop', 'Stop PostgreSQL. It stays away until it is started.'),
    'postgres.start': store('postgres', 'start', 'Start PostgreSQL again.'),
    'bot.kill': kill as Fault,
  }
}
