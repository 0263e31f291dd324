/**
 * Transcripts: commands and what ceph-mon 16.2.15 answered, recorded by test/capture/command-transcript.py. Times and
 * the client's nonce differ from run to run and are not compared.
 */
import { readFileSync } from 'node:fs'
import type { CommandReply } from '../../src/service/contract.ts'
import type { CommandJson } from './small-world.ts'

export interface Step {
  readonly cmd: CommandJson
  readonly input?: string
  readonly code: number
  readonly text: string
  readonly data: string
}

export interface Transcript {
  readonly origin: string
  readonly fsid: string
  readonly steps: readonly Step[]
}

export const transcript = (name: string): Transcript =>
  JSON.parse(readFileSync(new URL(`../fixture/service/${name}.json`, import.meta.url), 'utf8')) as Transcript

const TIME = /\d{4}-\d\d-\d\dT\d\d:\d\d:\d\d\.\d{6}\+0000/g
const NONCE = /"nonce":( ?)\d+/g

/** An answer without what differs between runs. */
export const comparable = (
  step: Pick<Step, 'code' | 'text' | 'data'>,
): Pick<Step, 'code' | 'text' | 'data'> => ({
  code: step.code,
  text: step.text,
  data: step.data.replace(TIME, 'TIME').replace(NONCE, '"nonce":$1N'),
})

export const answerText = ({ code, text, data }: CommandReply): Pick<Step, 'code' | 'text' | 'data'> => ({
  code,
  text,
  data: data.toString('utf8'),
})
