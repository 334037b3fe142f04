import type { Component } from './model.ts'

/** All components, however deep, in the order in which they are shown. */
export function flatten(components: readonly Component[]): readonly Component[] {
  return components.flatMap((each) => [
    each,
    ...flatten([...(each.components ?? []), ...[each.component, each.accessory].filter((child) => child !== undefined)]),
  ])
}

/** As Discord gives them back: nothing empty, an `id` on each, a select's bounds filled in. */
export function settle(components: readonly Component[]): Component[] {
  let ids = 0
  const taken = new Set(flatten(components).flatMap((each) => (each.id ? [each.id] : [])))
  const next = () => {
    do ids++
    while (taken.has(ids))
    return ids
  }
  const visit = (component: Component): Component => {
    const { accessory, component: child, components: children, ...own } = component
    return {
      ...(filled(own) as unknown as Component),
      id: component.id || next(),
      ...(isSelect(component) ? { min_values: component.min_values ?? 1, max_values: component.max_values ?? 1 } : {}),
      ...(component.type === 14 ? { divider: component.divider ?? true, spacing: component.spacing ?? 1 } : {}),
      ...(children ? { components: children.map(visit) } : {}),
      ...(child ? { component: visit(child) } : {}),
      ...(accessory ? { accessory: visit(accessory) } : {}),
    }
  }
  return components.map(visit)
}

export function isSelect(component: Component): boolean {
  return [3, 5, 6, 7, 8].includes(component.type)
}

/** The same without null and undefined, however deep: Discord leaves out what is not set. */
export function filled(value: unknown): unknown {
  if (Array.isArray(value)) return value.map(filled)
  if (value === null || typeof value !== 'object') return value
  return Object.fromEntries(
    Object.entries(value).flatMap(([key, inner]) => (inner === null || inner === undefined ? [] : [[key, filled(inner)]])),
  )
}
