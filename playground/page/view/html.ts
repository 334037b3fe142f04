import htm from 'htm'
import { h, type VNode } from 'preact'

/** Elements from a template. What is put in becomes text or attributes, never markup. */
export const html = htm.bind(h) as (strings: TemplateStringsArray, ...values: unknown[]) => VNode
