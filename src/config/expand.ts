/**
 * `$variables` in option values: facts of the daemon (`$cluster`, `$type`, `$id`, …), other options by name.
 * Source: ceph src/common/config.cc md_config_t::_expand_meta.
 */

/** Who the daemon is, for variables that no option holds. */
export interface Identity {
  /** `ceph` unless the command line or the name of the configuration file says otherwise. */
  readonly cluster: string
  /** `mon`. */
  readonly type: string
  /** `a` of `mon.a`. */
  readonly id: string
  /** Short host name. */
  readonly host: string
  readonly pid: number
  readonly home?: string
}

/** Options inside options inside options: more nesting than this is a mistake. */
const DEPTH_MAX = 32

const VARIABLE = /\$(?:\{([a-z_]+)\}|([a-z_]+))/g

/**
 * `text` with its variables replaced. `lookup` gives another option's unexpanded text, undefined when there is no
 * such option: the variable then stays as it is, as does one that leads back to an option being expanded.
 */
export const expand = (
  text: string,
  identity: Identity,
  lookup: (option: string) => string | undefined,
  inside: readonly string[] = [],
): string => {
  let out = ''
  let last = 0
  for (const match of text.matchAll(VARIABLE)) {
    out += text.slice(last, match.index)
    last = match.index + match[0].length
    const name = match[1] ?? match[2] ?? ''
    // The original assigns here where it appends elsewhere: everything before $home is lost.
    if (name === 'home') out = identity.home ?? ''
    else out += valueOf(name, identity) ?? fromOption(name, match[0], identity, lookup, inside)
  }
  return out + text.slice(last)
}

const valueOf = (name: string, identity: Identity): string | undefined => {
  switch (name) {
    case 'cluster':
    case 'type':
    case 'host':
    case 'id':
      return identity[name]
    case 'num':
      return identity.id
    case 'name':
      return `${identity.type}.${identity.id}`
    case 'pid':
      return String(identity.pid)
    default:
      return undefined
  }
}

const fromOption = (
  name: string,
  written: string,
  identity: Identity,
  lookup: (option: string) => string | undefined,
  inside: readonly string[],
): string => {
  const option = name === 'data_dir' ? `${identity.type}_data` : name
  const text = lookup(option)
  if (text === undefined) return written
  if (inside.includes(option) || inside.length >= DEPTH_MAX) return `$${option}`
  return expand(text, identity, lookup, [...inside, option])
}
