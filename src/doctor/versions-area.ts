import { type Area, findingsOf } from './finding.ts'

const { ok, warning } = findingsOf('Versions')
/** As package.json asks for. */
const leastNode = [24, 12] as const

/** What runs here. */
export function versionsArea({ helix, node }: { readonly helix: string; readonly node: string }): Area {
  return {
    name: 'Versions',
    async examine() {
      const [major = 0, minor = 0] = node.replace(/^v/, '').split('.').map(Number)
      const enough = major > leastNode[0] || (major === leastNode[0] && minor >= leastNode[1])
      const runs = `Helix ${helix} on Node ${node.replace(/^v/, '')}.`
      return [
        enough
          ? ok('Helix', runs)
          : warning(
              'Helix',
              `${runs} It is made for Node ${leastNode.join('.')} or newer.`,
              'Start it with npm start, which brings its own Node.',
            ),
      ]
    },
  }
}
