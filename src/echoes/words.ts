import { count } from '#src/kernel/say.ts'
import type { Since } from './binding-rows.ts'

/** `17:04:11 UTC`. */
export function timeOfDay(at: Date | number): string {
  return `${new Date(at).toISOString().slice(11, 19)} UTC`
}

/** What is missing, in a sentence; empty where nothing is. Never silence. */
export function sayMissing({ lost, gaps, unreadable }: Omit<Since, 'read'>): string {
  return [
    lost > 0 ? `${count(lost, 'message')} ${lost === 1 ? 'was' : 'were'} lost before Helix could read ${lost === 1 ? 'it' : 'them'}.` : '',
    gaps > 0 ? `${count(gaps, 'gap')} ${gaps === 1 ? 'is' : 'are'} of unknown size.` : '',
    unreadable > 0 ? `${count(unreadable, 'message')} could not be read.` : '',
  ]
    .filter(Boolean)
    .join(' ')
}

/** `20,100 a second`, `3.2 a second`, `4 a minute`. */
export function sayRate(perSecond: number): string {
  if (perSecond >= 10) return `${Math.round(perSecond).toLocaleString('en')} a second`
  if (perSecond >= 0.5) return `${perSecond.toFixed(1)} a second`
  return `${Math.max(1, Math.round(perSecond * 60))} a minute`
}
