/** What an answer says of coverage, in few words. */
import { type Action, bodyFor, extensionsIn, valuesOf } from './support.ts'

export const maya = bodyFor('acute-week-two', 'lumbar-mri')

export const told = (actions: readonly Action[]) =>
  actions
    .flatMap(extensionsIn)
    .map((extension) => [valuesOf(extension, 'covered')[0], valuesOf(extension, 'pa-needed')[0]])
