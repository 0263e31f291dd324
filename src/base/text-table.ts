/**
 * Tables as Ceph prints them: columns as wide as their widest cell, two blanks between.
 *
 * Source: ceph src/common/TextTable.h, TextTable.cc.
 */
export type Align = 'left' | 'right'

export interface Column {
  readonly name: string
  readonly align: Align
}

const GAP = '  '

const pad = (text: string, width: number, align: Align): string =>
  align === 'left' ? text.padEnd(width) : text.padStart(width)

/** Lines of heading and rows, each ending in a newline. */
export const printTable = (columns: readonly Column[], rows: readonly (readonly string[])[]): string => {
  const widths = columns.map((column, i) =>
    Math.max(column.name.length, ...rows.map((row) => row[i]?.length ?? 0)),
  )
  const line = (cells: readonly string[]): string =>
    `${columns.map((column, i) => pad(cells[i] ?? '', widths[i] ?? 0, column.align)).join(GAP)}\n`
  return [columns.map((column) => column.name), ...rows].map(line).join('')
}
