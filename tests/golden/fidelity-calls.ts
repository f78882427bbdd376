/** Calls of the generated events, where the fidelity corpus is there to make them. */
interface GeneratedCall {
  name: string
  body: object
  today: string
}

export async function fidelityCalls(): Promise<readonly GeneratedCall[]> {
  return []
}
