/** A source of random bytes fit for keys. Pure code gets its draw as a field of the event. */
export interface Random {
  readonly bytes: (count: number) => Buffer
}
