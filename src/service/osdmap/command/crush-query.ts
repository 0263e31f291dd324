/** Commands that show the CRUSH map. Source: ceph src/mon/OSDMonitor.cc OSDMonitor::preprocess_command. */
import * as t from 'io-ts'
import { byBigint, byNumber, sortedEntries } from '../../../base/ordered.ts'
import { bucketOf, type CrushMap, RULE_OP } from '../../../map/crush/crush-map.ts'
import {
  chooseArgsJson,
  crushMapJson,
  crushRuleJson,
  crushRulesJson,
  crushTunablesJson,
} from '../../../map/crush/dump.ts'
import { itemIdOfName } from '../../../map/crush/location.ts'
import { classOfItem, weightSetName } from '../../../map/crush/tree.ts'
import { CephString, CephStrings, queryWith } from '../../args.ts'
import type { CommandHandler } from '../../contract.ts'
import { ERRNO, printErrno } from '../../errno.ts'
import { failed, formatted } from '../../reply.ts'
import { alwaysJson, linesOrJson } from '../output.ts'
import { parseOsdId } from '../osd-id.ts'

const perLine = (names: readonly string[]): string => names.map((name) => `${name}\n`).join('')

export const crushRuleList: CommandHandler = {
  query: ({ committed }, _request, command) => {
    const { ruleNames, rules } = committed.osdmap.map.crush
    const names = rules.flatMap((rule, id) => (rule === undefined ? [] : [ruleNames.get(id) ?? '']))
    return formatted(
      command,
      () => names,
      () => perLine(names),
    )
  },
}

const ClassArgs = t.partial({ class: CephString })

// Rules take the shadow bucket of a class; its name says which.
const rulesOfClass = (crush: CrushMap, deviceClass: string): readonly string[] =>
  crush.rules.flatMap((rule, id) =>
    rule?.steps.some(
      ({ op, arg1 }) =>
        op === RULE_OP.take && crush.itemNames.get(arg1)?.endsWith(`~${deviceClass}`) === true,
    ) === true
      ? [crush.ruleNames.get(id) ?? '']
      : [],
  )

export const crushRuleListByClass: CommandHandler = {
  query: ({ committed }, _request, command) =>
    queryWith(ClassArgs, command, ({ class: name = '' }) => {
      const { crush } = committed.osdmap.map
      if (name === '') return failed(ERRNO.EINVAL, 'no class specified')
      if (![...crush.classNames.values()].includes(name))
        return failed(ERRNO.ENOENT, `failed to get rules by class '${name}'`)
      const names = rulesOfClass(crush, name)
      return formatted(
        command,
        () => names,
        () => perLine(names),
      )
    }),
}

const RuleArgs = t.partial({ name: CephString })

export const crushRuleDump: CommandHandler = {
  query: ({ committed }, _request, command) =>
    queryWith(RuleArgs, command, ({ name = '' }) => {
      const { crush } = committed.osdmap.map
      if (name === '') return alwaysJson(command, crushRulesJson(crush), '\n')
      const id = [...crush.ruleNames].find(([, known]) => known === name)?.[0]
      const rule = id === undefined ? undefined : crush.rules[id]
      return id === undefined || rule === undefined
        ? failed(ERRNO.ENOENT, `unknown crush rule '${name}'`)
        : alwaysJson(command, crushRuleJson(crush, id, rule), '\n')
    }),
}

export const crushDump: CommandHandler = {
  query: ({ committed }, _request, command) =>
    alwaysJson(command, crushMapJson(committed.osdmap.map.crush), '\n'),
}

export const crushShowTunables: CommandHandler = {
  query: ({ committed }, _request, command) =>
    alwaysJson(command, crushTunablesJson(committed.osdmap.map.crush), '\n'),
}

const TunableArgs = t.partial({ tunable: CephString })

export const crushGetTunable: CommandHandler = {
  query: ({ committed }, _request, command) =>
    queryWith(TunableArgs, command, ({ tunable }) => {
      if (tunable !== 'straw_calc_version') return failed(ERRNO.EINVAL, printErrno(ERRNO.EINVAL))
      const { strawCalcVersion } = committed.osdmap.map.crush.tunables
      return formatted(
        command,
        () => ({ straw_calc_version: strawCalcVersion }),
        () => `${strawCalcVersion}\n`,
      )
    }),
}

const NodeArgs = t.partial({ node: CephString })

export const crushList: CommandHandler = {
  query: ({ committed }, _request, command) =>
    queryWith(NodeArgs, command, ({ node }) => {
      const { crush } = committed.osdmap.map
      if (node === undefined) return failed(ERRNO.EINVAL, 'no node specified')
      const id = itemIdOfName(crush, node)
      if (id === undefined) return failed(ERRNO.ENOENT, `node '${node}' does not exist`)
      const items = id >= 0 ? [id] : (bucketOf(crush, id)?.items ?? [])
      const names = items.map((item) => crush.itemNames.get(item) ?? '')
      return formatted(
        command,
        () => names,
        () => perLine(names),
      )
    }),
}

export const crushClassList: CommandHandler = {
  query: ({ committed }, _request, command) =>
    alwaysJson(
      command,
      sortedEntries(committed.osdmap.map.crush.classNames, byNumber).map(([, name]) => name),
    ),
}

export const crushClassListOsd: CommandHandler = {
  query: ({ committed }, _request, command) =>
    queryWith(ClassArgs, command, ({ class: name = '' }) => {
      const { crush } = committed.osdmap.map
      const osds = [...crush.deviceClasses.keys()]
        .filter((id) => id >= 0 && classOfItem(crush, id) === name)
        .sort((a, b) => a - b)
      return linesOrJson(
        command,
        () => osds,
        () => osds.join('\n'),
      )
    }),
}

const IdsArgs = t.partial({ ids: CephStrings })

export const crushGetDeviceClass: CommandHandler = {
  query: ({ committed }, _request, command) =>
    queryWith(IdsArgs, command, ({ ids = [] }) => {
      const { crush } = committed.osdmap.map
      const bad = ids.find((id) => parseOsdId(id) === undefined)
      if (bad !== undefined) return failed(ERRNO.EINVAL, `unable to parse osd id:'${bad}'`)
      const osds = [...new Set(ids.flatMap((id) => parseOsdId(id) ?? []))].sort((a, b) => a - b)
      const classes = osds.map((osd) => [osd, classOfItem(crush, osd) ?? ''] as const)
      const [only] = classes
      const plain = (): string =>
        classes.length === 1 && only !== undefined
          ? only[1]
          : classes.map(([osd, name]) => `osd.${osd} ${name}`).join('\n')
      return linesOrJson(command, () => classes.map(([osd, device_class]) => ({ osd, device_class })), plain)
    }),
}

export const crushWeightSetList: CommandHandler = {
  query: ({ committed }, _request, command) => {
    const { crush, poolNames } = committed.osdmap.map
    const names = sortedEntries(crush.chooseArgs, byBigint).map(([set]) => weightSetName(set, poolNames))
    return formatted(
      command,
      () => names,
      () => perLine(names),
    )
  },
}

export const crushWeightSetDump: CommandHandler = {
  query: ({ committed }, _request, command) =>
    alwaysJson(command, chooseArgsJson(committed.osdmap.map.crush)),
}
