import { z } from 'zod'
import type { EnvironmentSignals } from '#src/signals/signals.ts'

/** The payload of the event `signals.read`: made by this very process, so only that it is one is looked at. */
export const signalsPayload = z.custom<EnvironmentSignals>((value) => typeof value === 'object' && value !== null && 'services' in value)
