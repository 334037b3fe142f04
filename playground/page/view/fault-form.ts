import type { VNode } from 'preact'
import { useId, useState } from 'preact/hooks'
import type { FaultInfo, FaultProperty } from '#playground/page/session/playground-state.ts'
import { html } from './html.ts'

interface FaultFormProps {
  readonly fault: FaultInfo
  /** Names to offer for a field, by the field's name: `service`, `environment`. */
  readonly known: Readonly<Record<string, readonly string[]>>
  onInject(body: Readonly<Record<string, unknown>>): void
}

/** One fault: a button where nothing has to be said, and a form, made from its schema, where something can be. */
export function FaultForm({ fault, known, onInject }: FaultFormProps): VNode {
  const fields = Object.entries(fault.schema.properties ?? {})
  const required = fault.schema.required ?? []
  const [values, setValues] = useState<Readonly<Record<string, string>>>({})
  const id = useId()
  const submit = (event: Event) => {
    event.preventDefault()
    const filled = fields.flatMap(([name, property]) => {
      const value = readField(property, values[name] ?? startOf(property))
      return value === undefined ? [] : [[name, value] as const]
    })
    onInject({ fault: fault.fault, ...Object.fromEntries(filled) })
  }
  const name = title(fault.fault)
  return html`<li class="fault">
    ${required.length === 0 ? html`<button type="button" class="button secondary" onClick=${() => onInject({ fault: fault.fault })}>${name}</button>` : html`<h3>${name}</h3>`}
    <p>${fault.describe}</p>
    ${
      fields.length > 0 &&
      html`<details><summary>${required.length === 0 ? 'Options' : 'Fill in'}<span class="unseen"> of ${name}</span></summary>
    <form onSubmit=${submit}>
      ${fields.map(([name, property]) => {
        const attributes = {
          id: `${id}-${name}`,
          required: required.includes(name) && property.type !== 'boolean',
          value: values[name] ?? startOf(property),
          onInput: (event: Event) => setValues({ ...values, [name]: (event.currentTarget as HTMLInputElement).value }),
        }
        return html`<label for=${attributes.id}>${title(name)}${property.description && html` <small>${property.description}</small>`}</label><${Field} property=${property} offered=${known[name]} attributes=${attributes} />`
      })}
      <button class="button danger">Inject</button>
    </form></details>`
    }
  </li>`
}

interface FieldProps {
  readonly property: FaultProperty
  readonly offered: readonly string[] | undefined
  readonly attributes: { readonly id: string; readonly required: boolean }
}

function Field({ property, offered, attributes }: FieldProps): VNode {
  const { id, required } = attributes
  const choices = property.type === 'boolean' ? ['true', 'false'] : choicesOf(property)
  if (choices) {
    return html`<select ...${attributes}>${!required && html`<option value=""></option>`}${required && html`<option value="" disabled>Choose…</option>`}${choices.map((choice) => html`<option value=${choice}>${choice}</option>`)}</select>`
  }
  const number = isNumber(property)
  return html`<input ...${attributes} type=${number ? 'number' : 'text'} step=${property.type === 'integer' ? 1 : 'any'} min=${property.minimum} max=${limitOf(property.maximum)}
      list=${offered ? `${id}-known` : undefined} autocomplete="off" />
    ${offered && html`<datalist id=${`${id}-known`}>${offered.map((name) => html`<option value=${name}></option>`)}</datalist>`}`
}

/** Zod writes the largest safe integer where there is no limit. */
function limitOf(maximum: number | undefined): number | undefined {
  return maximum === Number.MAX_SAFE_INTEGER ? undefined : maximum
}

function choicesOf({ enum: values, const: only, anyOf }: FaultProperty): readonly string[] | undefined {
  if (values) return values.map(String)
  if (only !== undefined) return [String(only)]
  const each = anyOf?.map(choicesOf)
  return each?.every((list) => list !== undefined) ? each.flat() : undefined
}

function isNumber({ type, anyOf }: FaultProperty): boolean {
  return type === 'number' || type === 'integer' || (anyOf?.some(isNumber) ?? false)
}

function startOf({ default: start }: FaultProperty): string {
  return start === undefined ? '' : String(start)
}

function readField(property: FaultProperty, text: string): unknown {
  if (text === '') return undefined
  if (property.type === 'boolean') return text === 'true'
  if (isNumber(property) || property.enum?.some((value) => typeof value === 'number')) return Number(text)
  return text
}

/** `discord.drop-gateway` reads "Discord: drop gateway"; `afterMs` reads "After ms". */
function title(name: string): string {
  const words = name
    .replace('.', ': ')
    .replaceAll('-', ' ')
    .replace(/([a-z])([A-Z])/g, '$1 $2')
    .toLowerCase()
  return words.charAt(0).toUpperCase() + words.slice(1)
}
