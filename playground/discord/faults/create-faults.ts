import { z } from 'zod'
import type { Events } from '../gateway/events.ts'
import type { Sessions } from '../gateway/sessions.ts'
import type { Troubles } from '../rest/troubles.ts'
import type { Voice } from '../voice/voice.ts'
import type { World } from '../world.ts'
import type { Faults, Undo } from './fault.ts'
import { fault } from './fault.ts'
import { gatewayFaults } from './gateway-faults.ts'
import { guildFaults } from './guild-faults.ts'
import { requestFaults } from './request-faults.ts'
import { voiceFaults } from './voice-faults.ts'

interface Deps {
  readonly world: World
  readonly sessions: Sessions
  readonly events: Events
  readonly troubles: Troubles
  readonly voice: Voice
}

/** What can be made to go wrong at Discord. */
export function createFaults({ world, sessions, events, troubles, voice }: Deps): Faults {
  const undo: Undo = new Set()
  return {
    ...gatewayFaults(sessions, undo),
    ...requestFaults(troubles),
    ...guildFaults(world, events, undo),
    ...voiceFaults(world, voice, undo),
    clear: fault('End all of these faults', z.object({}), () => {
      troubles.clear()
      for (const act of undo) act()
      undo.clear()
    }),
  }
}
