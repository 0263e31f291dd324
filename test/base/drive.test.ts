import assert from 'node:assert/strict'
import { assign, initialTransition, raise, setup, transition } from 'xstate'
import { drive, machineTypes, type EffectOf } from '../../src/base/drive.ts'

type Event =
  | { readonly type: 'CoinInserted'; readonly cents: number }
  | { readonly type: 'Pushed' }
  | { readonly type: 'Broken' }

const turnstile = setup({
  types: machineTypes<{
    context: { total: number; price: number }
    events: Event
    input: { price: number }
  }>(),
  actions: {
    Unlock: (_, _params: { readonly paid: number }) => undefined,
    Lock: () => undefined,
    count: assign({
      total: ({ context }, params: { readonly cents: number }) => context.total + params.cents,
    }),
    pushAgain: raise({ type: 'Pushed' }),
    refuse: assign(() => {
      throw new Error('a guard of ours failed')
    }),
  },
  guards: { paid: ({ context }, params: { readonly cents: number }) => params.cents >= context.price },
}).createMachine({
  id: 'turnstile',
  context: ({ input }) => ({ total: 0, price: input.price }),
  initial: 'locked',
  states: {
    locked: {
      entry: ['Lock'],
      on: {
        CoinInserted: {
          guard: { type: 'paid', params: ({ event }) => ({ cents: event.cents }) },
          target: 'unlocked',
          actions: [
            { type: 'count', params: ({ event }) => ({ cents: event.cents }) },
            { type: 'Unlock', params: ({ context }) => ({ paid: context.total }) },
          ],
        },
        Broken: { actions: ['refuse'] },
      },
    },
    unlocked: {
      on: { Pushed: { target: 'locked' }, Broken: { actions: ['pushAgain'] } },
    },
  },
})

// Compiles only when the union is closed and knows the parameters of each effect, and leaves out the assigns.
const describeEffect = (effect: EffectOf<typeof turnstile>): string => {
  switch (effect.type) {
    case 'Unlock':
      return `unlock after ${effect.params.paid}`
    case 'Lock':
      return 'lock'
  }
}

describe('drive', () => {
  const { initial, next } = drive(turnstile)

  it('gives the effects of entering the first state, and needs the input', () => {
    const [snapshot, effects] = initial({ price: 50 })
    assert.equal(snapshot.value, 'locked')
    assert.deepEqual(effects.map(describeEffect), ['lock'])
  })

  it('reads an effect’s parameters after the changes that precede it', () => {
    const [locked] = initial({ price: 50 })
    const [unlocked, effects] = next(locked, { type: 'CoinInserted', cents: 70 })
    assert.deepEqual(effects, [{ type: 'Unlock', params: { paid: 70 } }])
    assert.equal(unlocked.context.total, 70)
    assert.equal(locked.context.total, 0)
  })

  it('answers an unexpected event with the same snapshot and nothing to do', () => {
    const [locked] = initial({ price: 50 })
    const [after, effects] = next(locked, { type: 'Pushed' })
    assert.equal(after.value, 'locked')
    assert.deepEqual(effects, [])
  })

  it('runs raised events to rest', () => {
    const [locked] = initial({ price: 50 })
    const [unlocked] = next(locked, { type: 'CoinInserted', cents: 50 })
    const [relocked, effects] = next(unlocked, { type: 'Broken' })
    assert.equal(relocked.value, 'locked')
    assert.deepEqual(effects, [{ type: 'Lock', params: undefined }])
  })

  it('does nothing after a final state', () => {
    const ending = setup({ actions: { Late: () => undefined } }).createMachine({
      id: 'ending',
      initial: 'over',
      on: { '*': { actions: ['Late'] } },
      states: { over: { type: 'final' } },
    })
    const over = drive(ending)
    const [snapshot] = over.initial()
    assert.equal(snapshot.status, 'done')
    assert.deepEqual(over.next(snapshot, { type: 'Anything' }), [snapshot, []])
  })

  it('keeps runs of one driver apart', () => {
    const [cheap] = initial({ price: 1 })
    const [dear] = initial({ price: 100 })
    assert.equal(next(cheap, { type: 'CoinInserted', cents: 50 })[0].value, 'unlocked')
    assert.equal(next(dear, { type: 'CoinInserted', cents: 50 })[0].value, 'locked')
  })

  it('lets through what an assign throws, and works afterwards', () => {
    const [locked] = initial({ price: 50 })
    assert.throws(() => next(locked, { type: 'Broken' }), /a guard of ours failed/)
    assert.deepEqual(next(locked, { type: 'CoinInserted', cents: 50 })[1], [
      { type: 'Unlock', params: { paid: 50 } },
    ])
  })

  it('agrees with xstate’s transition() on every event', () => {
    const events: Event[] = [
      { type: 'Pushed' },
      { type: 'CoinInserted', cents: 10 },
      { type: 'CoinInserted', cents: 60 },
      { type: 'Broken' },
      { type: 'CoinInserted', cents: 50 },
      { type: 'Pushed' },
    ]
    let [ours] = initial({ price: 50 })
    let [theirs] = initialTransition(turnstile, { price: 50 })
    for (const event of events) {
      const [a, effects] = next(ours, event)
      const [b, actions] = transition(turnstile, theirs, event)
      assert.deepEqual([a.value, a.context, a.status], [b.value, b.context, b.status])
      const named = actions.filter(({ type }) => !type.startsWith('xstate.'))
      assert.deepEqual(
        effects,
        named.map(({ type, params }) => ({ type, params })),
      )
      ours = a
      theirs = b
    }
  })

  it('asserts on an action that is neither an effect nor a change', () => {
    const odd = setup({ actions: { send: () => undefined } }).createMachine({ id: 'odd', entry: ['send'] })
    assert.throws(() => drive(odd).initial(), /action send of machine odd/)
  })
})
