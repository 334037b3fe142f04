import { z } from 'zod'
import { flatten } from '../components.ts'
import type { Component } from '../model.ts'
import { liveSelect, stringSelect, textDisplay } from './component.ts'
import { fail, list, readForm, text } from './form-errors.ts'

/** https://docs.discord.com/developers/interactions/receiving-and-responding#interaction-response-object-modal */
const id = z.int().min(0).nullish()
const customId = text(1, 100)
const textInput = z.object({
  type: z.literal(4),
  id,
  custom_id: customId,
  style: z.literal([1, 2]),
  label: text(1, 45).nullish(),
  min_length: z.int().min(0).max(4000).nullish(),
  max_length: z.int().min(1).max(4000).nullish(),
  required: z.boolean().nullish(),
  value: text(0, 4000).nullish(),
  placeholder: text(0, 100).nullish(),
})
const upload = z.object({
  type: z.literal(19),
  id,
  custom_id: customId,
  min_values: z.int().min(0).max(10).nullish(),
  max_values: z.int().min(1).max(10).nullish(),
  required: z.boolean().nullish(),
})
const option = z.object({ label: text(1, 100), value: text(1, 100), description: text(0, 100).nullish(), default: z.boolean().nullish() })
const group = { id, custom_id: customId, required: z.boolean().nullish() }
const radio = z.object({ type: z.literal(21), ...group, options: list(option, 2, 10) })
const checkboxes = z.object({
  type: z.literal(22),
  ...group,
  options: list(option, 1, 10),
  min_values: z.int().min(0).max(10).nullish(),
  max_values: z.int().min(1).max(10).nullish(),
})
const checkbox = z.object({ type: z.literal(23), id, custom_id: customId, default: z.boolean().nullish() })
const label = z.object({
  type: z.literal(18),
  id,
  label: text(1, 45),
  description: text(0, 100).nullish(),
  component: z.discriminatedUnion('type', [textInput, stringSelect, liveSelect, upload, radio, checkboxes, checkbox]),
})
const row = z.object({
  type: z.literal(1),
  id,
  components: list(
    textInput.refine(({ label }) => label, { path: ['label'], message: 'This field is required', params: { code: 'BASE_TYPE_REQUIRED' } }),
    1,
    1,
  ),
})

const modal = z
  .object({ custom_id: customId, title: text(1, 45), components: list(z.discriminatedUnion('type', [label, textDisplay, row]), 1, 5) })
  .superRefine((value, context) => {
    const all = flatten(value.components as Component[])
    const custom = all.flatMap((component) => component.custom_id ?? [])
    if (new Set(custom).size < custom.length)
      fail(context, ['components'], 'COMPONENT_CUSTOM_ID_DUPLICATED', 'Component custom id cannot be duplicated')
    if (all.some((component) => component.disabled))
      fail(context, ['components'], 'COMPONENT_DISABLED_IN_MODAL', 'Components in modals cannot be disabled')
  })

export interface ModalForm {
  readonly custom_id: string
  readonly title: string
  readonly components: readonly Component[]
}

/** Reads the modal of a callback of type 9. Refuses 50035 under `data`. */
export const readModal = (body: unknown): ModalForm => readForm(modal, body, ['data']) as ModalForm
