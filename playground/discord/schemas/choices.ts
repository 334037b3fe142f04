import { z } from 'zod'
import { list, readForm, text } from './form-errors.ts'

const choices = z.object({
  choices: list(
    z.object({
      name: text(1, 100),
      name_localizations: z.record(z.string(), z.string()).nullish(),
      value: z.union([text(1, 100), z.number()]),
    }),
    0,
    25,
  ),
})

export type Choices = z.infer<typeof choices>['choices']

/** Reads the choices of a callback of type 8. Refuses 50035 under `data`. */
export const readChoices = (body: unknown): Choices => readForm(choices, body, ['data']).choices
