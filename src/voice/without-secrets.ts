import { redact } from '#src/logs/redact.ts'

/** `the password is hunter two`: what follows is masked to its end, however it is spelt. */
const told =
  /\b(pass ?words?|pass ?phrases?|secrets?|tokens?|api keys?|access keys?|private keys?|credentials?)\s+(is|are|equals|equal to|reads)\s+\S.*$/i

/** What was said, with everything masked that sounds like a secret. */
export function withoutSecrets(said: string): string {
  return redact(said).replace(told, '$1 $2 ••••')
}
