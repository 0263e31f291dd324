/** What can be wrong with bytes. A closed union: the caller answers with -EINVAL or closes the session. */
export type DecodeError =
  | { readonly _tag: 'Truncated'; readonly at: number; readonly need: number; readonly have: number }
  | { readonly _tag: 'TooManyElements'; readonly at: number; readonly count: number; readonly have: number }
  | {
      readonly _tag: 'Incompatible'
      readonly at: number
      readonly compat: number
      readonly supported: number
    }
  | { readonly _tag: 'TrailingBytes'; readonly at: number; readonly have: number }
  | { readonly _tag: 'BadValue'; readonly at: number; readonly what: string }

/** One line for a log or an error reply. */
export const describeDecodeError = (error: DecodeError): string => {
  switch (error._tag) {
    case 'Truncated':
      return `truncated at byte ${error.at}: need ${error.need} bytes, have ${error.have}`
    case 'TooManyElements':
      return `count ${error.count} at byte ${error.at} does not fit the ${error.have} bytes left`
    case 'Incompatible':
      return `compat version ${error.compat} at byte ${error.at} is newer than ${error.supported}`
    case 'TrailingBytes':
      return `${error.have} unread bytes at byte ${error.at}`
    case 'BadValue':
      return `${error.what} at byte ${error.at}`
  }
}
