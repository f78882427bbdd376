/** The embedded server's own tests: what Lumbar relies on, a server that nobody here wrote does too. */
import { describeConformance } from '../../sandbox/tests/fhir-conformance.ts'
import { describeWithHapi } from './support.ts'

describeWithHapi('HAPI FHIR', ({ base }) => describeConformance('conforms', () => base))
