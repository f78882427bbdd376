/** The whole record of a call at once, for tests that ask nothing in between. */
import type { HookCall } from '../../src/hooks/call.ts'
import { gatherOrders, type ReadMissing } from '../../src/record/gather.ts'
import type { PatientRecord } from '../../src/record/record.ts'

/** `findWanted` says what is read once the orders are known; without it everything is. */
export async function gather(
  call: HookCall,
  queries: Parameters<typeof gatherOrders>[1],
  readMissing?: ReadMissing,
  findWanted?: (record: PatientRecord) => ReadonlySet<string>,
): Promise<PatientRecord> {
  const gathering = await gatherOrders(call, queries, readMissing)
  return gathering.complete(readMissing && findWanted?.(gathering.record))
}
