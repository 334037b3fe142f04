import type { Component } from '../model.ts'
import { formError } from '../schemas/form-errors.ts'
import type { SubmittedComponent } from './submission.ts'

/** A modal with what the member filled in, as the bot gets it. Refuses 50035 where a required field is empty or of the wrong length. */
export function filledModal(opened: readonly Component[], submitted: readonly SubmittedComponent[]): object[] {
  const given = new Map(all(submitted).flatMap((each) => (each.custom_id === undefined ? [] : [[each.custom_id, each]])))
  const fill = (component: Component, path: readonly string[]): object => {
    const { type, id, custom_id, component: child, components } = component
    if (child) return { type, id, component: fill(child, [...path, 'component']) }
    if (components) return { type, id, components: components.map((each, index) => fill(each, [...path, 'components', String(index)])) }
    if (!custom_id) return { type, id }
    const filled = given.get(custom_id)
    if (type === 4) return { type, id, custom_id, value: readText(component, String(filled?.value ?? ''), path) }
    if (type === 23) return { type, id, custom_id, value: Boolean(filled?.value) }
    if (type === 21) return { type, id, custom_id, value: filled?.value ?? null }
    return { type, id, custom_id, values: readValues(component, filled?.values ?? [], path) }
  }
  return opened.map((component, index) => fill(component, ['data', 'components', String(index)]))
}

function readText({ required, min_length, max_length }: Component, value: string, path: readonly string[]): string {
  if (value === '' && required === false) return value
  if (value === '') throw formError([...path, 'value'], 'BASE_TYPE_REQUIRED', 'This field is required')
  const length = [...value].length
  const [min, max] = [min_length ?? 0, max_length ?? 4000]
  if (length < min || length > max)
    throw formError([...path, 'value'], 'BASE_TYPE_BAD_LENGTH', `Must be between ${min} and ${max} in length.`)
  return value
}

function readValues(
  { required, min_values, max_values, options }: Component,
  values: readonly string[],
  path: readonly string[],
): readonly string[] {
  if (values.length === 0 && required === false) return values
  const known = options?.map(({ value }) => value)
  const fits =
    values.length >= (min_values ?? 1) && values.length <= (max_values ?? 1) && values.every((value) => known?.includes(value) ?? true)
  if (!fits) throw formError([...path, 'values'], 'COMPONENT_VALIDATION_FAILED', 'Component validation failed')
  return values
}

function all(components: readonly SubmittedComponent[]): readonly SubmittedComponent[] {
  return components.flatMap((each) => [each, ...all([...(each.components ?? []), ...(each.component ? [each.component] : [])])])
}
