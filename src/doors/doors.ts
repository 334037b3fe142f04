import type { IncomingAutocomplete, IncomingButton, IncomingCommand, IncomingInteraction } from '#src/adapters/discord/discord.ts'

/** Where Discord's interactions come in: each is translated, acknowledged, dispatched and rendered. */
export interface Doors {
  receive(incoming: IncomingInteraction): Promise<void>
}

export interface DoorParts {
  readonly slash: (incoming: IncomingCommand) => Promise<void>
  readonly button: (incoming: IncomingButton) => Promise<void>
  readonly autocomplete: (incoming: IncomingAutocomplete) => Promise<void>
}

export function createDoors({ slash, button, autocomplete }: DoorParts): Doors {
  return {
    receive(incoming) {
      switch (incoming.kind) {
        case 'command':
          return slash(incoming)
        case 'button':
          return button(incoming)
        case 'autocomplete':
          return autocomplete(incoming)
      }
    },
  }
}
