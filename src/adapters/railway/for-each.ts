import { type ASTNode, type DocumentNode, getOperationAST, Kind, type OperationDefinitionNode, visit } from 'graphql'

/**
 * One document that asks all of the first, and then, as often as told, all of the second: of its variables, the one called `own` gets a number
 * (`serviceId_0`), and so do its aliases (`byStatus_0`), which every field at its top must have. The others are shared with the first.
 */
export function forEach(first: DocumentNode, second: DocumentNode, own: string, times: number): DocumentNode {
  if (times === 0) return first
  const [main, part] = [operationOf(first), operationOf(second)]
  const known = new Set([...(main.variableDefinitions ?? []).map(nameOf), own])
  const numbers = Array.from({ length: times }, (_, number) => number)
  const ownDefinitions = (part.variableDefinitions ?? []).filter((each) => nameOf(each) === own)
  const operation: OperationDefinitionNode = {
    ...main,
    variableDefinitions: [
      ...(main.variableDefinitions ?? []),
      ...(part.variableDefinitions ?? []).filter((each) => !known.has(nameOf(each))),
      ...numbers.flatMap((number) => ownDefinitions.map((each) => numbered(each, own, number))),
    ],
    selectionSet: {
      ...main.selectionSet,
      selections: [
        ...main.selectionSet.selections,
        ...numbers.flatMap((number) => part.selectionSet.selections.map((each) => numbered(each, own, number))),
      ],
    },
  }
  return { kind: Kind.DOCUMENT, definitions: first.definitions.map((each) => (each === main ? operation : each)) }
}

function numbered<Node extends ASTNode>(node: Node, own: string, number: number): Node {
  const named = (name: { readonly value: string }) => ({ ...name, value: `${name.value}_${number}` })
  return visit(node, {
    Variable: (variable) => (variable.name.value === own ? { ...variable, name: named(variable.name) } : undefined),
    Field: { leave: (field) => (field.alias ? { ...field, alias: named(field.alias) } : undefined) },
  })
}

function nameOf({ variable }: { readonly variable: { readonly name: { readonly value: string } } }): string {
  return variable.name.value
}

function operationOf(document: DocumentNode): OperationDefinitionNode {
  const operation = getOperationAST(document)
  if (!operation) throw new Error('A Railway document must have one operation.')
  return operation
}
