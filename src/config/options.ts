/**
 * The values of all options as one immutable value. Each option may be set on several levels; the highest that is
 * set wins:
 *
 *   default < mon (the cluster's config database) < file < env (CEPH_ARGS) < cmdline < override (at run time)
 *
 * Text is expanded (`$cluster`, `$id`, …) when it is read, never when it is stored.
 *
 * Source: ceph src/common/config.h, config_values.h.
 */
import * as E from 'fp-ts/lib/Either.js'
import { known } from '../base/assert.ts'
import type { Json } from '../base/json.ts'
import { byBytes, withEntry, withoutEntry } from '../base/ordered.ts'
import { expand, type Identity } from './expand.ts'
import { defaultValue, optionValueJson, parseOptionValue, printOptionValue } from './option-value.ts'
import { OPTIONS, optionNamed, type Option, type OptionValue } from './option.ts'
import type { OptionsView } from './view.ts'

/** Ascending: a later level hides the earlier ones. */
export const LEVELS = ['default', 'mon', 'file', 'env', 'cmdline', 'override'] as const
export type Level = (typeof LEVELS)[number]

export type OptionError =
  | { readonly _tag: 'UnknownOption'; readonly name: string }
  /** `why` is Ceph's wording, possibly empty. */
  | { readonly _tag: 'InvalidValue'; readonly name: string; readonly text: string; readonly why: string }
  | { readonly _tag: 'NotAtRuntime'; readonly name: string }

type LevelValues = ReadonlyMap<Level, OptionValue>

const MS_PER_SECOND = 1000

const DEFAULTS: ReadonlyMap<string, OptionValue> = new Map(
  [...OPTIONS].map(([name, option]) => [name, defaultValue(option)]),
)

export class Options implements OptionsView {
  readonly identity: Identity
  private readonly values: ReadonlyMap<string, LevelValues>
  // Results of `value`, which is asked for the same few names again and again. Not part of the meaning.
  private readonly memo = new Map<string, OptionValue>()

  private constructor(identity: Identity, values: ReadonlyMap<string, LevelValues>) {
    this.identity = identity
    this.values = values
  }

  /** All options at their defaults. */
  static of(identity: Identity): Options {
    return new Options(identity, new Map())
  }

  withIdentity(identity: Identity): Options {
    return new Options(identity, this.values)
  }

  /** A copy with `name` set on `level`. */
  with(level: Level, name: string, text: string): E.Either<OptionError, Options> {
    const option = OPTIONS.get(name)
    if (option === undefined) return E.left({ _tag: 'UnknownOption', name })
    const value = parseOptionValue(option, text)
    if (E.isLeft(value)) return E.left({ _tag: 'InvalidValue', name, text, why: value.left })
    const levels = withEntry(this.values.get(name) ?? new Map<Level, OptionValue>(), level, value.right)
    return E.right(new Options(this.identity, withEntry(this.values, name, levels)))
  }

  /** A copy with many set; what cannot be set is reported and left out. */
  withAll(
    level: Level,
    entries: Iterable<readonly [name: string, text: string]>,
  ): { readonly options: Options; readonly errors: readonly OptionError[] } {
    const values = new Map(this.values)
    const errors: OptionError[] = []
    for (const [name, text] of entries) {
      const one = this.with(level, name, text)
      if (E.isLeft(one)) errors.push(one.left)
      else {
        const value = known(one.right.values.get(name)?.get(level), `the value of ${name} just set`)
        values.set(name, withEntry(values.get(name) ?? new Map<Level, OptionValue>(), level, value))
      }
    }
    return { options: new Options(this.identity, values), errors }
  }

  /** A copy with run-time overrides, as injectargs and `config set` make them. */
  withOverrides(entries: ReadonlyMap<string, string>): E.Either<OptionError, Options> {
    return [...entries].reduce<E.Either<OptionError, Options>>(
      (options, [name, text]) => E.flatMap(options, (o) => o.withRuntimeChange(name, text)),
      E.right(this),
    )
  }

  /** As `with` on level override, but an option that is only read at the start may not change its value. */
  withRuntimeChange(name: string, text: string): E.Either<OptionError, Options> {
    return E.flatMap(this.with('override', name, text), (next) =>
      optionNamed(name).runtime !== true && !OBSERVED.has(name) && next.rawValue(name) !== this.rawValue(name)
        ? E.left<OptionError, Options>({ _tag: 'NotAtRuntime', name })
        : E.right(next),
    )
  }

  /** The value that was given at run time; undefined when none was. */
  override(name: string): OptionValue | undefined {
    return this.values.get(name)?.get('override')
  }

  /** A copy without the value of `name` on `level`. */
  without(level: Level, name: string): Options {
    const levels = withoutEntry(this.values.get(name) ?? new Map<Level, OptionValue>(), level)
    return new Options(
      this.identity,
      levels.size === 0 ? withoutEntry(this.values, name) : withEntry(this.values, name, levels),
    )
  }

  /** A copy whose level `mon` is exactly `entries`: what the config database holds for this daemon. */
  withMonValues(entries: ReadonlyMap<string, string>): {
    readonly options: Options
    readonly errors: readonly OptionError[]
  } {
    const cleared = [...this.values.keys()].reduce<Options>(
      (options, name) => options.without('mon', name),
      this,
    )
    const mayChange = [...entries].filter(
      ([name]) => OPTIONS.get(name)?.flags?.includes('no_mon_update') !== true,
    )
    return cleared.withAll('mon', mayChange)
  }

  /** The value in force, expanded. */
  value(name: string): OptionValue {
    const memo = this.memo.get(name)
    if (memo !== undefined) return memo
    const raw = this.rawValue(name)
    const value = typeof raw === 'string' && raw.includes('$') ? this.expanded(raw, [name]) : raw
    this.memo.set(name, value)
    return value
  }

  /** The value in force as Ceph prints it: `5.000000`, `true`. */
  text(name: string): string {
    return printOptionValue(this.value(name))
  }

  int(name: string): number {
    return Number(this.value(name))
  }

  float(name: string): number {
    return Number(this.value(name))
  }

  bool(name: string): boolean {
    return this.value(name) === true
  }

  string(name: string): string {
    return String(this.value(name))
  }

  ms(name: string): number {
    const unit = optionNamed(name).type === 'millisecs' ? 1 : MS_PER_SECOND
    return Number(this.value(name)) * unit
  }

  /** Variables of any text replaced, as in an option's value. */
  expanded(text: string, inside: readonly string[] = []): string {
    return expand(text, this.identity, (name) => this.lookup(name), inside)
  }

  /** Where the value in force comes from. */
  levelOf(name: string): Level {
    const levels = this.values.get(name)
    return LEVELS.findLast((level) => levels?.has(level)) ?? 'default'
  }

  /** Names that are set somewhere above the default, in byte order. */
  changed(): readonly string[] {
    return [...this.values.keys()].sort(byBytes)
  }

  /** `config diff`: each option whose value is not the default's, level by level. */
  diff(): Json {
    const options = this.changed().map((name): [string, Json] => {
      const option = optionNamed(name)
      const json = (value: OptionValue): Json => optionValueJson(option, value)
      const levels = LEVELS.flatMap((level): readonly [string, Json][] => {
        const value = level === 'default' ? this.defaultOf(name) : this.values.get(name)?.get(level)
        return value === undefined ? [] : [[level, json(value)]]
      })
      return [name, new Map([...levels, ['final', json(this.value(name))]])]
    })
    return { diff: new Map(options) }
  }

  /** `config show`: every option's text, after the daemon's name and cluster. */
  show(): ReadonlyMap<string, string> {
    const { type, id, cluster } = this.identity
    const names = [...OPTIONS.keys()].sort(byBytes)
    return new Map([
      ['name', `${type}.${id}`],
      ['cluster', cluster],
      ...names.map((name): [string, string] => [name, this.text(name)]),
    ])
  }

  private defaultOf(name: string): OptionValue {
    return this.values.get(name)?.get('default') ?? known(DEFAULTS.get(name), `an option named ${name}`)
  }

  private rawValue(name: string): OptionValue {
    const levels = this.values.get(name)
    const level = levels === undefined ? undefined : LEVELS.findLast((l) => levels.has(l))
    return (level === undefined ? undefined : levels?.get(level)) ?? this.defaultOf(name)
  }

  private lookup(name: string): string | undefined {
    const option: Option | undefined = OPTIONS.get(name)
    return option === undefined ? undefined : printOptionValue(this.rawValue(name))
  }
}

// Read only at the start by their flags, yet the original changes them at run time because something watches them.
// There are more of these (`observed`), such as log_file; ours would not follow them, so it refuses.
const OBSERVED: ReadonlySet<string> = new Set(['host', 'fsid', 'admin_socket_mode', 'clog_to_monitors'])
