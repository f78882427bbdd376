/**
 * The room that V8 gives to new objects. Loading modules and content makes many that stay, for which it would take some
 * sixty megabytes and never give them back: until the service listens the room stays as small as it begins. Then calls
 * make it grow as they need it.
 */
import { setFlagsFromString } from 'node:v8'

const growsBy = (factor: number) => setFlagsFromString(`--semi-space-growth-factor=${factor}`)

growsBy(1)

/** As V8 does by itself. */
export const growAsNeeded = (): void => growsBy(2)
