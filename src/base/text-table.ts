/**
 * A table for people: columns as wide as their widest cell, two blanks between them, every cell filled up to its
 * column's width.
 *
 * Source: ceph src/common/TextTable.cc.
 */
export type Align = 'left' | 'right'

export interface Column {
  readonly heading: string
  readonly align: Align
  /** Of the heading; as `align` when absent. */
  readonly headingAlign?: Align
}

const SEPARATOR = '  '

// Widths are counted in bytes, as the original does.
const widthOf = (text: string): number => Buffer.byteLength(text)

const padded = (text: string, width: number, align: Align): string => {
  const blanks = ' '.repeat(Math.max(0, width - widthOf(text)))
  return align === 'left' ? text + blanks : blanks + text
}

/** The table's lines, each with a line end; a row has one cell a column. */
export const printTable = (columns: readonly Column[], rows: readonly (readonly string[])[]): string => {
  const widths = columns.map(({ heading }, i) =>
    rows.reduce((width, row) => Math.max(width, widthOf(row[i] ?? '')), widthOf(heading)),
  )
  const line = (cells: readonly string[], alignOf: (column: Column) => Align): string =>
    `${columns.map((column, i) => padded(cells[i] ?? '', widths[i] ?? 0, alignOf(column))).join(SEPARATOR)}\n`
  const headings = columns.map(({ heading }) => heading)
  return [
    line(headings, ({ headingAlign, align }) => headingAlign ?? align),
    ...rows.map((row) => line(row, ({ align }) => align)),
  ].join('')
}
