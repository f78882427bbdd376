/** What somebody is told who may not look, or asked for what is not there: in words, on a page. */
export class Refusal extends Error {
  readonly status: number
  readonly title: string
  /** Where to go on. */
  readonly to: string | undefined

  constructor(status: number, title: string, message: string, to?: string) {
    super(message)
    this.name = 'Refusal'
    this.status = status
    this.title = title
    this.to = to
  }
}
