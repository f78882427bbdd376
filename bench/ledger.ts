/**
 * `npm run bench:ledger`: services killed ten times under load on each store, and their database stopped under them; a join
 * over 20,000 evaluations, and what the ledger costs a call. PostgreSQL where one answers at DATABASE_URL; what is written
 * there goes with its schema.
 */
import { countOf, readArguments } from '../src/cli/arguments.ts'
import { asked } from '../src/cli/run.ts'
import { openPostgres, openSqlite } from '../src/ledger/threaded.ts'
import { hasCluster, openCluster } from '../tests/ledger/cluster.ts'
import { killUnderLoad, restartUnderLoad } from '../tests/ledger/kill.ts'
import { admin, databaseUrl, reachable, schema } from '../tests/smart/database.ts'
import { costOfLedger } from './ledger-cost.ts'
import { timeJoin } from './ledger-join.ts'

const rounds = asked((words) => {
  const { values } = readArguments(words, { kills: { type: 'string', default: '10' } }, 0)
  return countOf(values.kills, '--kills')
})
const silent = { info: () => undefined, warn: () => undefined }

if (reachable) await admin(`create schema ${schema}`)
try {
  if (rounds > 0) {
    console.log('killed, one instance on SQLite:', await killUnderLoad({ rounds }))
    if (reachable)
      console.log(
        'killed, one of two instances on PostgreSQL:',
        await killUnderLoad({ rounds, databaseUrl: databaseUrl(), instances: 2 }),
      )
  }
  if (rounds > 0 && hasCluster) {
    const cluster = await openCluster()
    for (const how of ['fast', 'immediate'] as const)
      console.log(`database stopped (${how}) under two instances:`, await restartUnderLoad({ cluster, how }))
    await cluster.remove()
  }
  console.log('SQLite:', await timeJoin(openSqlite(':memory:')))
  if (reachable) console.log('PostgreSQL:', await timeJoin(openPostgres(databaseUrl(), silent)))
  console.log(await costOfLedger())
  if (reachable) console.log(await costOfLedger(databaseUrl()))
} finally {
  if (reachable) await admin(`drop schema ${schema} cascade`)
}
