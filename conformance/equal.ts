/**
 * Compares the election's two graphs, the code's and the model checker's, under bounds of one's choice:
 *
 *   npx tsx conformance/equal.ts [--epoch 6] [--troubles 2] [--queue 2] [--writes 1]
 *
 * The tests do this with smaller bounds. Memory: about 2 KB a state.
 */
import * as E from 'fp-ts/lib/Either.js'
import { electionGraph } from './election-graph.ts'
import { worldText } from './election-text.ts'
import { initialWorld, successors, type WorldBounds } from './election-world.ts'
import { edgeCountOf, enumerate, graphDifference } from './graph.ts'

const NODES_MAX = 5_000_000

const numberOf = (args: readonly string[], name: string, otherwise: number): number => {
  const at = args.indexOf(name)
  return at < 0 ? otherwise : Number(args[at + 1])
}

const main = async (args: readonly string[]): Promise<number> => {
  const bounds: WorldBounds = {
    size: 3,
    maxEpoch: numberOf(args, '--epoch', 6),
    maxTroubles: numberOf(args, '--troubles', 2),
    maxQueue: numberOf(args, '--queue', 2),
    maxWrites: numberOf(args, '--writes', 1),
  }
  const say = (text: string): boolean => process.stdout.write(`${text}\n`)
  const spec = await electionGraph(bounds)
  if (E.isLeft(spec)) {
    say(spec.left)
    return 1
  }
  say(`the model checker: ${spec.right.size} states, ${edgeCountOf(spec.right)} edges`)
  const code = enumerate(initialWorld(3), worldText, (world) => successors(world, bounds), NODES_MAX)
  say(`the code:          ${code.size} states, ${edgeCountOf(code)} edges`)
  const { onlyInLeft, onlyInRight } = graphDifference(code, spec.right)
  for (const text of onlyInLeft) say(`only in the code:\n${text}`)
  for (const text of onlyInRight) say(`only in the specification:\n${text}`)
  const isEqual = onlyInLeft.length + onlyInRight.length === 0
  say(isEqual ? 'the graphs are equal' : 'THE GRAPHS DIFFER')
  return isEqual ? 0 : 1
}

process.exitCode = await main(process.argv.slice(2))
