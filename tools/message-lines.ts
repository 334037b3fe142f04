import type { Component, Embed, Message } from '#playground/page/wire.ts'

/** What a message says, a line each, without its looks. `nameOf`: of whoever or whatever is mentioned by id. */
export function messageLines({ content, embeds, components = [] }: Message, nameOf: (id: string) => string | undefined): readonly string[] {
  return [content, ...embeds.map(textOfEmbed), ...components.map(textOfComponent)]
    .flatMap((text) => text.split('\n'))
    .map((line) =>
      line
        .replaceAll(/\\?<(?:@[!&]?|#)(\d+)>/g, (mention, id: string) => nameOf(id) ?? mention)
        .replaceAll(/\\(?=[^\w\s])|[*_`]|^-# |^#+ /g, '')
        .trim(),
    )
    .filter((line) => line !== '')
}

function textOfEmbed({ title = '', description = '', fields = [], footer }: Embed): string {
  const facts = fields.map(({ name, value }) => `${name}: ${value.replaceAll('\n', ', ')}`)
  return [title, description, ...facts, footer?.text ?? ''].join('\n')
}

const button = 2

function textOfComponent(component: Component): string {
  if (component.type === button) return `[${component.label ?? component.custom_id ?? ''}]`
  const inner = component.components ?? []
  const texts = inner.map(textOfComponent)
  const row = inner.length > 0 && inner.every(({ type }) => type === button)
  const accessory = component.accessory ? textOfComponent(component.accessory) : ''
  return [component.content ?? '', row ? texts.join(' ') : texts.join('\n'), accessory].join('\n')
}
