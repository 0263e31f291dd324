import { deepEqual, equal, ok } from 'node:assert/strict'
import { movesOf, applyMove, initialWorld, successors } from '../../conformance/election-world.ts'
import { worldText } from '../../conformance/election-text.ts'
import { baseOf, shift } from '../../conformance/rebase.ts'
import { simulate } from '../../conformance/simulate.ts'
import type { ElectionWorld, WorldBounds } from '../../conformance/election-world.ts'

/** What the world can do: action and resulting world, epochs lowered by `base`. */
const behaviour = (world: ElectionWorld, base: number): readonly string[] =>
  movesOf(world)
    .map((move) => `${JSON.stringify(move)}\t${worldText(shift(applyMove(world, move), base))}`)
    .sort()

/** Every world that is reached under the bounds. */
const worldsOf = (bounds: WorldBounds): readonly ElectionWorld[] => {
  const found = new Map<string, ElectionWorld>()
  let frontier = [initialWorld(bounds.size)]
  while (frontier.length > 0) {
    const next: ElectionWorld[] = []
    for (const world of frontier)
      for (const [, successor] of successors(world, bounds)) {
        const text = worldText(successor)
        if (found.has(text)) continue
        found.set(text, successor)
        next.push(successor)
      }
    frontier = next
  }
  return [...found.values()]
}

/** One world in so many is tried: all of them take half a minute. */
const SAMPLED = 7

describe('rebased epochs', function () {
  this.timeout(120_000)

  it('change nothing that worlds within the bounds can do', () => {
    const bounds = { size: 3, maxEpoch: 4, maxQueue: 1, maxWrites: 1, maxTroubles: 1 }
    let checked = 0
    for (const [at, world] of worldsOf(bounds).entries()) {
      if (at % SAMPLED !== 0 || baseOf(shift(world, -2)) < 2) continue
      checked++
      deepEqual(behaviour(shift(world, -2), 2), behaviour(world, 0))
    }
    ok(checked > 200, `only ${checked} worlds have no empty store`)
  })

  it('change nothing after long runs, whose epochs are large', () => {
    for (let seed = 1; seed <= 50; seed++) {
      const { world } = simulate(seed, 3, 400)
      for (const far of [2, 10, 1_000_000]) {
        if (world.disk.includes(0)) continue
        deepEqual(behaviour(shift(world, -far), far), behaviour(world, 0))
      }
      equal(baseOf(shift(world, baseOf(world))), 0)
    }
  })
})
