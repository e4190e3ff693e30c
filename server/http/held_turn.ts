import type { IncomingMessage, ServerResponse } from "node:http";

/** A turn lasts as long as the work in the database, also when the caller hangs up in the middle of it. */
type Held = { giveBack(): void; isWorking: boolean };

const held = new WeakMap<IncomingMessage, Held>();

/** Binds a turn to its request; false, and the turn is given back, when the caller is gone already. */
export function keepTurn(request: IncomingMessage, response: ServerResponse, giveBack: () => void): boolean {
  if (response.destroyed || request.socket.destroyed) {
    giveBack();
    return false;
  }
  const turn: Held = { giveBack, isWorking: false };
  held.set(request, turn);
  response.once("close", () => {
    if (!turn.isWorking) giveBack();
  });
  return true;
}

/** Does the work of a request within its turn, if it has one, and gives the turn back when all is done. */
export async function inTurn<T>(
  request: IncomingMessage | undefined,
  work: () => T | PromiseLike<T>,
): Promise<T> {
  const turn = request && held.get(request);
  if (!turn) return await work();
  turn.isWorking = true;
  try {
    return await work();
  } finally {
    turn.isWorking = false;
    turn.giveBack();
  }
}
