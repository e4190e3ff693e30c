/** What the clients of the storm were told: all of it must be there afterwards, and nothing else. */
export type Move = "booked" | "rescheduled" | "cancelled" | "reinstated";
export type Answered = "confirmed" | "rejected" | "withdrawn";

export class Books {
  /** By appointment, how often each was acknowledged. */
  readonly appointments = new Map<string, Record<Move, number>>();
  /** What was asked on a line that was cut, and cannot be asked again: done or not, both are right. */
  readonly unknown = new Map<string, Partial<Record<Move | Answered, number>>>();
  readonly requests = new Map<string, { token: string; answer?: Answered }>();
  /** Requests that nobody has answered, as far as is known. */
  readonly open = new Set<string>();
  /** By the last token that its holder was given. */
  readonly holds = new Map<string, "kept" | "released">();
  readonly series = new Map<string, string[]>();
  readonly ids: string[] = [];

  move(id: string, move: Move): void {
    let moves = this.appointments.get(id);
    if (!moves) {
      moves = { booked: 0, rescheduled: 0, cancelled: 0, reinstated: 0 };
      this.appointments.set(id, moves);
      this.ids.push(id);
    }
    moves[move] += 1;
  }

  leaveOpen(id: string, what: Move | Answered): void {
    const known = this.unknown.get(id) ?? {};
    known[what] = (known[what] ?? 0) + 1;
    this.unknown.set(id, known);
  }

  requested(id: string, token: string): void {
    this.requests.set(id, { token });
    this.open.add(id);
  }

  answered(id: string, answer: Answered): void {
    const request = this.requests.get(id);
    if (!request || request.answer)
      throw new Error(`Request ${id} was answered twice: ${request?.answer}, ${answer}.`);
    request.answer = answer;
    this.open.delete(id);
  }
}
