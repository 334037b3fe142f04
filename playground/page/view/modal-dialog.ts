import type { VNode } from 'preact'
import { useEffect, useState } from 'preact/hooks'
import type { Component, Modal } from '#playground/page/wire.ts'
import { useDialog } from './hooks.ts'
import { html } from './html.ts'
import { Markdown } from './markdown-view.ts'
import { SelectMenu } from './select-menu.ts'

interface ModalDialogProps {
  readonly modal: Modal
  readonly application: string
  onSubmit(components: readonly unknown[]): void
  onClose(): void
}

type Answers = Readonly<Record<string, string | readonly string[]>>

/** A bot's form. The browser's own dialog keeps the focus inside and gives it back. */
export function ModalDialog({ modal, application, onSubmit, onClose }: ModalDialogProps): VNode {
  const dialog = useDialog()
  const [answers, setAnswers] = useState<Answers>(() => Object.fromEntries(inputsOf(modal.components).map(startOf)))
  const [problem, setProblem] = useState<string>()
  useEffect(() => {
    dialog.current?.querySelector<HTMLElement>('.modal-field input, .modal-field textarea, .modal-field button')?.focus()
  }, [])

  function submit(event: Event): void {
    event.preventDefault()
    const missing = inputsOf(modal.components).find(
      (input) => input.type !== 4 && (input.required ?? true) && (answers[input.custom_id ?? '']?.length ?? 0) < (input.min_values ?? 1),
    )
    if (missing) setProblem('Make a selection in every required list.')
    else onSubmit(modal.components.flatMap((component) => filledIn(component, answers)))
  }

  const set = (id: string, value: string | readonly string[]) => setAnswers((before) => ({ ...before, [id]: value }))
  return html`<dialog ref=${dialog} class="modal" aria-labelledby="modal-title" onClose=${onClose}>
    <form onSubmit=${submit}>
      <header><h2 id="modal-title">${modal.title}</h2><button type="button" class="icon-button" aria-label="Close" onClick=${onClose}>×</button></header>
      <p class="modal-note">This form will be sent to ${application}. Do not share passwords.</p>
      ${modal.components.map((component) => html`<${ModalPart} component=${component} answers=${answers} set=${set} />`)}
      ${problem && html`<p class="problem" role="alert">${problem}</p>`}
      <footer><button type="button" class="button secondary" onClick=${onClose}>Cancel</button><button class="button primary">Submit</button></footer>
    </form>
  </dialog>`
}

interface ModalPartProps {
  readonly component: Component
  readonly answers: Answers
  readonly label?: Component
  set(id: string, value: string | readonly string[]): void
}

function ModalPart({ component, answers, label, set }: ModalPartProps): VNode | null {
  const part = (child: Component, named?: Component) =>
    html`<${ModalPart} component=${child} answers=${answers} label=${named} set=${set} />`
  if (component.type === 1) return html`${component.components?.map((child) => part(child))}`
  if (component.type === 18) return component.component ? part(component.component, component) : null
  if (component.type === 10) return html`<${Markdown} text=${component.content ?? ''} />`
  const id = component.custom_id ?? ''
  const title = label?.label ?? component.label ?? id
  const required = component.required ?? true
  const head = html`<span class="modal-label">${title}${required && html`<span aria-hidden="true" class="required">*</span>`}</span>${label?.description && html`<small>${label.description}</small>`}`
  if (component.type !== 4) {
    return html`<div class="modal-field">${head}<${SelectMenu} component=${component} label=${title} onPick=${(values: readonly string[]) => set(id, values)} /></div>`
  }
  const attributes = {
    required,
    value: answers[id],
    placeholder: component.placeholder,
    minlength: component.min_length,
    maxlength: component.max_length ?? 4_000,
    onInput: (event: InputEvent) => set(id, (event.currentTarget as HTMLInputElement).value),
  }
  return html`<label class="modal-field">${head}${component.style === 2 ? html`<textarea rows="4" ...${attributes}></textarea>` : html`<input type="text" autocomplete="off" ...${attributes} />`}</label>`
}

function inputsOf(components: readonly Component[]): readonly Component[] {
  return components.flatMap((component) => {
    if (component.type === 1) return inputsOf(component.components ?? [])
    if (component.type === 18) return component.component ? [component.component] : []
    return component.type === 10 ? [] : [component]
  })
}

function startOf(input: Component): readonly [string, string | readonly string[]] {
  const chosen = input.options?.filter((option) => option.default).map(({ value }) => value) ?? []
  return [input.custom_id ?? '', input.type === 4 ? (input.value ?? '') : chosen]
}

/** As a modal submission carries it: the layout as it came, with the answers in place of the inputs. */
function filledIn(component: Component, answers: Answers): readonly unknown[] {
  if (component.type === 1) return [{ type: 1, components: component.components?.flatMap((child) => filledIn(child, answers)) }]
  if (component.type === 18) return component.component ? [{ type: 18, component: filledIn(component.component, answers)[0] }] : []
  if (component.type === 10) return []
  const answer = answers[component.custom_id ?? '']
  return [
    {
      type: component.type,
      custom_id: component.custom_id,
      ...(typeof answer === 'string' ? { value: answer } : { values: answer ?? [] }),
    },
  ]
}
