import type { DiscordGateway, DiscordInspection, DiscordMembers } from './adapters/discord/discord.ts'
import type { Store } from './adapters/store/store.ts'
import { createVoiceRooms } from './adapters/voice/create-voice-rooms.ts'
import type { Delivery } from './delivery/delivery.ts'
import { createVoiceDoor } from './doors/voice.ts'
import type { Clock } from './kernel/clock.ts'
import type { CommandBook } from './kernel/command-book.ts'
import type { Directory } from './kernel/directory.ts'
import type { Dispatch } from './kernel/dispatch.ts'
import type { Log } from './kernel/log.ts'
import type { Speech } from './open-speech.ts'
import type { Operations } from './operations/operations.ts'
import type { Permissions } from './permissions/permissions.ts'
import type { Places } from './places/places.ts'
import type { References } from './references/references.ts'
import { createGrammar } from './understanding/grammar.ts'
import { createConsents } from './voice/consents.ts'
import { createVoice } from './voice/create-voice.ts'
import { createHearing } from './voice/hear.ts'
import { createInterpreters } from './voice/interpreters.ts'
import { createOpenQuestions } from './voice/open-questions.ts'
import { createRecognise, type Recognise } from './voice/recognise.ts'
import type { VoiceRooms } from './voice/room.ts'
import { createSessionRows } from './voice/session-rows.ts'
import { createSpeechBudget } from './voice/speech-budget.ts'
import { createTell } from './voice/tell.ts'
import { createTranscripts } from './voice/transcripts.ts'
import type { Voice } from './voice/voice.ts'
import { createVoiceOver } from './voice/voice-over.ts'
import { createVoiceSettings } from './voice/voice-settings.ts'

export interface VoiceGiven {
  readonly store: Store
  readonly delivery: Delivery
  readonly members: DiscordMembers
  readonly inspection: Pick<DiscordInspection, 'guild'>
  /** Undefined: this process has no session with Discord's gateway. */
  readonly gateway: Pick<DiscordGateway, 'voice' | 'voiceStates'> | undefined
  /** Left out: those of the gateway. */
  readonly rooms?: VoiceRooms
  readonly book: CommandBook
  readonly directory: Directory
  readonly places: Places
  readonly permissions: Permissions
  readonly references: References
  readonly operations: Pick<Operations, 'show'>
  readonly speech: Speech | { readonly missing: string }
  readonly secondsPerDay: number
  /** Without speech, until an utterance is over; left out: half a second. */
  readonly silenceMs?: number
  /** The one path. */
  readonly dispatch: Dispatch
  readonly clock: Clock
  readonly log: Log
}

/** Everything between a voice channel and the one path. `answering` is for buttons: a press may answer what was asked in a voice channel. */
export function assembleVoice(given: VoiceGiven): { readonly voice: Voice; answering(dispatch: Dispatch): Dispatch } {
  const { store, delivery, gateway, book, directory, references, operations, speech, dispatch, clock, log } = given
  const budget = createSpeechBudget({ store, clock, secondsPerDay: given.secondsPerDay })
  const recognise: Recognise =
    'missing' in speech
      ? async ({ user, number }) => ({ user, number, kind: 'failed', error: new Error(speech.missing) })
      : createRecognise({ transcriber: speech.transcriber, budget, clock, log })
  const interpreters = createInterpreters({ grammar: createGrammar(book), directory, clock, log })
  const door = createVoiceDoor({
    hearing: createHearing({ recognise, interpreters, log }),
    questions: createOpenQuestions({ references, clock, log }),
    shown: operations.show,
    ...{ members: given.members, dispatch, clock, log },
  })
  const voice = createVoice({
    ...given,
    rooms: given.rooms ?? (gateway && createVoiceRooms({ gateway: gateway.voice, clock, log, ...limitsOf(given) })),
    consents: createConsents({ store, clock }),
    transcripts: createTranscripts({ store, delivery, clock }),
    settings: createVoiceSettings({ store, clock }),
    rows: createSessionRows({ store }),
    tell: createTell({ store, delivery }),
    voiceOver: 'missing' in speech ? undefined : createVoiceOver(speech),
    settled: door.settled,
    listener: door,
    budget,
  })
  return { voice, answering: door.answering }
}

function limitsOf({ silenceMs }: VoiceGiven) {
  return silenceMs === undefined ? {} : { limits: { silenceMs } }
}
