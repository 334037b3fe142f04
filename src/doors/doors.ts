import type { IncomingAutocomplete, IncomingButton, IncomingCommand, IncomingInteraction } from '#src/adapters/discord/discord.ts'
import { SeenBefore } from '#src/kernel/errors.ts'

/** Where Discord's interactions come in: each is translated, acknowledged, dispatched and rendered. */
export interface Doors {
  receive(incoming: IncomingInteraction): Promise<void>
  /** Resolves when every interaction that came in has its answer. */
  idle(): Promise<void>
}

export interface DoorParts {
  readonly slash: (incoming: IncomingCommand) => Promise<void>
  readonly button: (incoming: IncomingButton) => Promise<void>
  readonly autocomplete: (incoming: IncomingAutocomplete) => Promise<void>
}

export function createDoors({ slash, button, autocomplete }: DoorParts): Doors {
  const underWay = new Set<Promise<void>>()

  async function take(incoming: IncomingInteraction): Promise<void> {
    try {
      if (incoming.kind === 'command') await slash(incoming)
      else if (incoming.kind === 'button') await button(incoming)
      else await autocomplete(incoming)
    } catch (error) {
      // Another process has it, or it came too late to be acknowledged: nothing was done, and nothing can be said.
      if (!(error instanceof SeenBefore)) throw error
    }
  }

  return {
    receive(incoming) {
      const taken = take(incoming)
      const settled = taken.then(forget, forget)
      function forget(): void {
        underWay.delete(settled)
      }
      underWay.add(settled)
      return taken
    },
    async idle() {
      await Promise.all(underWay)
    },
  }
}
