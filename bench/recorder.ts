/** Records a CPU profile of this process from within, so that start-up and warm-up stay out of it. */
import { type Profiler, Session } from 'node:inspector/promises'

export type CpuProfile = Profiler.Profile

const session = new Session()

export async function record(): Promise<void> {
  session.connect()
  await session.post('Profiler.enable')
  await session.post('Profiler.setSamplingInterval', { interval: 200 })
  await session.post('Profiler.start')
}

export async function recorded(): Promise<CpuProfile> {
  const { profile } = await session.post('Profiler.stop')
  session.disconnect()
  return profile
}
